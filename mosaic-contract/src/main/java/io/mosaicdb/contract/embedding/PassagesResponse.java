package io.mosaicdb.contract.embedding;

import java.util.List;

/** The passages of each source of the request, in its order. */
public record PassagesResponse(EmbedderIdentity embedder, List<SourcePassages> sources) {
  public PassagesResponse {
    sources = List.copyOf(sources);
  }
}
