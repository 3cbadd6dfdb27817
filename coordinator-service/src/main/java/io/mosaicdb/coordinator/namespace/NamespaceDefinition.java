package io.mosaicdb.coordinator.namespace;

import io.mosaicdb.contract.namespace.EmbedderBody;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.model.schema.VectorOrigin;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What the coordinator needs to know of a namespace.
 *
 * @param fieldWeights weights that searches use in place of the schema's
 * @param embedder the model that made its vectors; null where none did so far
 */
public record NamespaceDefinition(
    NamespaceName name,
    Schema schema,
    int partitions,
    SortedMap<String, Double> fieldWeights,
    @Nullable EmbedderBody embedder) {
  /**
   * The id of the model that is asked for vectors: that of those it holds, or else of its schema;
   * null: whichever answers.
   */
  public @Nullable String model() {
    return !embedsOnTheServer() ? null : embedder == null ? schema.vector().model() : embedder.id();
  }

  /** The model of the vectors it holds as commits name it; null where the server made none. */
  public @Nullable String vectorModel() {
    return !embedsOnTheServer() || embedder == null
        ? null
        : embedder.id() + " " + embedder.revision();
  }

  public boolean embedsOnTheServer() {
    return schema.vector().origin() == VectorOrigin.SERVER;
  }
}
