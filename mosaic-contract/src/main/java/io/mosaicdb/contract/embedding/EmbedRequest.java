package io.mosaicdb.contract.embedding;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Texts to embed as they are, without splitting.
 *
 * @param model the id of one of {@link EmbeddingApi#embedders()}; null: the first of them
 */
public record EmbedRequest(TextKind kind, List<String> texts, @Nullable String model) {
  public EmbedRequest(TextKind kind, List<String> texts) {
    this(kind, texts, null);
  }

  public EmbedRequest {
    Objects.requireNonNull(kind, "kind must be query or passage");
    texts = List.copyOf(Objects.requireNonNull(texts, "texts must be given"));
  }
}
