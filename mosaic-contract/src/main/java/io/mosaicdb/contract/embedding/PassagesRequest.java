package io.mosaicdb.contract.embedding;

import java.util.List;
import java.util.Objects;

/** Documents to split into passages and embed. */
public record PassagesRequest(List<PassageSource> sources) {
  public PassagesRequest {
    sources = List.copyOf(Objects.requireNonNull(sources, "sources must be given"));
  }
}
