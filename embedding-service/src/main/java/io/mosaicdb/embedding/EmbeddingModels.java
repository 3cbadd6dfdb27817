package io.mosaicdb.embedding;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The models that this service runs: the one that answers where a request names none, and perhaps
 * another beside it, so that an index can go from one to the other while both answer.
 */
final class EmbeddingModels implements AutoCloseable {
  private final List<Embeddings> models;
  private final List<Runnable> endings;

  /**
   * @param models the first answers where none is named
   * @param endings run when this is closed
   */
  EmbeddingModels(List<Embeddings> models, List<Runnable> endings) {
    this.models = List.copyOf(models);
    this.endings = List.copyOf(endings);
    long names = models.stream().map(EmbeddingModels::idOf).distinct().count();
    if (names != models.size()) {
      throw new IllegalStateException(
          "mosaic.embedding.other.id must differ from the other model's, got '"
              + idOf(models.getFirst())
              + "' for both");
    }
  }

  List<Embeddings> all() {
    return models;
  }

  /**
   * The model of that id; null: the first.
   *
   * @throws MosaicException {@code embedder_unavailable} if there is none of that id
   */
  Embeddings require(@Nullable String id) {
    if (id == null) {
      return models.getFirst();
    }
    return models.stream()
        .filter(each -> idOf(each).equals(id))
        .findFirst()
        .orElseThrow(() ->
            new MosaicException(
                ErrorCode.EMBEDDER_UNAVAILABLE,
                "no model '%s' is configured; there is %s"
                    .formatted(
                        id,
                        models.stream()
                            .map(EmbeddingModels::idOf)
                            .collect(Collectors.joining(", ")))));
  }

  private static String idOf(Embeddings model) {
    return model.embedder().identity().id();
  }

  @Override
  public void close() {
    endings.forEach(Runnable::run);
  }
}
