package io.mosaicdb.storage.sql;

import io.mosaicdb.model.schema.Schema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement and what it takes.
 *
 * @param parameters null, {@code Boolean}, {@code Integer}, {@code Long}, {@code Double} or {@code
 *     String}, for {@code ?} in order
 * @param partial whether to answer without the shards that cannot be read
 */
public record SqlQuestion(
    String sql,
    List<@Nullable Object> parameters,
    Schema schema,
    SqlLimits limits,
    boolean partial) {
  // Written out: of a compact one the compiler does not keep that elements may be null.
  public SqlQuestion(
      String sql,
      List<@Nullable Object> parameters,
      Schema schema,
      SqlLimits limits,
      boolean partial) {
    this.sql = sql;
    this.parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
    this.schema = schema;
    this.limits = limits;
    this.partial = partial;
  }
}
