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
  public boolean embedsOnTheServer() {
    return schema.vector().origin() == VectorOrigin.SERVER;
  }
}
