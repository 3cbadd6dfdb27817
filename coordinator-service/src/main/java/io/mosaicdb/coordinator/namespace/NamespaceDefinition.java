package io.mosaicdb.coordinator.namespace;

import io.mosaicdb.contract.namespace.EmbedderBody;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.model.schema.VectorOrigin;
import org.jspecify.annotations.Nullable;

/**
 * What the coordinator needs to know of a namespace.
 *
 * @param embedder the model that made its vectors; null where none did so far
 */
public record NamespaceDefinition(
    NamespaceName name, Schema schema, int partitions, @Nullable EmbedderBody embedder) {
  public boolean embedsOnTheServer() {
    return schema.vector().origin() == VectorOrigin.SERVER;
  }
}
