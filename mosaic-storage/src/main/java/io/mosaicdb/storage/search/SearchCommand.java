package io.mosaicdb.storage.search;

import io.mosaicdb.model.filter.Filter;
import io.mosaicdb.storage.text.TextQuery;
import io.mosaicdb.storage.vector.VectorQuery;
import io.mosaicdb.storage.vector.VectorSearchOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What to look for.
 *
 * @param text the word leg, null for none
 * @param vector the vector leg, null for none
 * @param filter what every hit must meet, null for none
 * @param candidates hits a leg returns at most
 * @param minimumScore vector hits below it are left out, null for none
 */
public record SearchCommand(
    @Nullable TextQuery text,
    @Nullable VectorQuery vector,
    VectorSearchOptions vectorOptions,
    @Nullable Filter filter,
    int candidates,
    @Nullable Double minimumScore,
    Duration timeout) {
  public SearchCommand {
    if (candidates < 1) {
      throw new IllegalArgumentException("candidates must be > 0, got " + candidates);
    }
  }
}
