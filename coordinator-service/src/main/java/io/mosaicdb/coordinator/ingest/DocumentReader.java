package io.mosaicdb.coordinator.ingest;

import io.mosaicdb.contract.document.StoredDocument;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.worker.ShardWorkerApi.LookupRequest;
import io.mosaicdb.coordinator.namespace.NamespaceCatalog;
import io.mosaicdb.coordinator.position.Position;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.model.DocumentId;
import io.mosaicdb.model.HashSlots;
import io.mosaicdb.model.NamespaceName;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads single documents from the workers that hold them. */
public final class DocumentReader {
  private final NamespaceCatalog catalog;
  private final WorkerTopology topology;

  public DocumentReader(NamespaceCatalog catalog, WorkerTopology topology) {
    this.catalog = catalog;
    this.topology = topology;
  }

  public Optional<StoredDocument> find(
      NamespaceName namespace, DocumentId id, boolean includeVectors) {
    return find(namespace, id, includeVectors, null);
  }

  private Optional<StoredDocument> find(
      NamespaceName namespace, DocumentId id, boolean includeVectors, @Nullable String asOf) {
    var partitions = catalog.load(namespace).partitions();
    var owner = topology.ownerOf(HashSlots.partitionOf(id, partitions));
    var position =
        asOf == null ? null : Position.parseSnapshot(asOf, namespace, partitions, "as_of");
    try {
      var found =
          owner
              .api()
              .lookup(
                  namespace.value(),
                  new LookupRequest(
                      List.of(id.value()),
                      includeVectors,
                      position == null ? null : position.byNumber()));
      return found.stream().findFirst();
    } catch (MosaicException e) {
      if (e.code() == ErrorCode.NAMESPACE_NOT_FOUND) {
        catalog.forget(namespace);
      }
      throw Position.named(namespace, position, e);
    }
  }

  /**
   * @throws MosaicException {@code document_not_found}
   */
  public StoredDocument load(NamespaceName namespace, DocumentId id, boolean includeVectors) {
    return find(namespace, id, includeVectors).orElseThrow(() -> notFound(namespace, id));
  }

  /**
   * The version that a snapshot shows.
   *
   * @param asOf its token, or the commit_seq where there is one partition; null: the newest
   * @throws MosaicException {@code document_not_found}, {@code snapshot_gone}
   */
  public StoredDocument load(
      NamespaceName namespace, DocumentId id, boolean includeVectors, @Nullable String asOf) {
    return find(namespace, id, includeVectors, asOf).orElseThrow(() -> notFound(namespace, id));
  }

  static MosaicException notFound(NamespaceName namespace, DocumentId id) {
    return new MosaicException(
        ErrorCode.DOCUMENT_NOT_FOUND, "namespace '" + namespace + "' has no document '" + id + "'");
  }
}
