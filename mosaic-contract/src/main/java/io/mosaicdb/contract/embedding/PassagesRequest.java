package io.mosaicdb.contract.embedding;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Documents to split into passages and embed.
 *
 * @param model the id of one of {@link EmbeddingApi#embedders()}; null: the first of them
 */
public record PassagesRequest(List<PassageSource> sources, @Nullable String model) {
  public PassagesRequest(List<PassageSource> sources) {
    this(sources, null);
  }

  public PassagesRequest {
    sources = List.copyOf(Objects.requireNonNull(sources, "sources must be given"));
  }
}
