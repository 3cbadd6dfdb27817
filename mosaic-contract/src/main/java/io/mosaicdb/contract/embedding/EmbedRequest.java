package io.mosaicdb.contract.embedding;

import java.util.List;
import java.util.Objects;

/** Texts to embed as they are, without splitting. */
public record EmbedRequest(TextKind kind, List<String> texts) {
  public EmbedRequest {
    Objects.requireNonNull(kind, "kind must be query or passage");
    texts = List.copyOf(Objects.requireNonNull(texts, "texts must be given"));
  }
}
