package io.mosaicdb.storage.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a statement yields.
 *
 * @param rows null, {@code Long}, {@code Double}, {@code String} or {@code byte[]}
 * @param truncated whether there were more rows than a limit let through
 */
public record SqlAnswer(
    List<String> columns,
    List<List<@Nullable Object>> rows,
    boolean truncated,
    SqlCoverage coverage) {
  public SqlAnswer {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }
}
