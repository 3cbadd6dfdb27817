package io.mosaicdb.coordinator.export;

import io.mosaicdb.contract.document.DocumentBody;
import io.mosaicdb.contract.document.StoredDocument;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.worker.ShardWorkerApi.ScanRequest;
import io.mosaicdb.contract.worker.ShardWorkerApi.ScanResponse;
import io.mosaicdb.coordinator.namespace.NamespaceDefinition;
import io.mosaicdb.coordinator.position.Position;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * One export: partition after partition, each in the order of ids, as of one snapshot. In memory
 * are the documents of one page at a time. A page is found by the id before it, so that an export
 * goes on over sealing, merging and a restart of a worker.
 */
final class Export {
  private static final int PAGE = 100;

  private final WorkerTopology topology;
  private final NamespaceDefinition definition;
  private final @Nullable Map<String, @Nullable Object> filter;
  private final boolean includeVector;
  private final JsonMapper mapper;
  private final @Nullable Position asked;
  private final Position position;

  /**
   * Pins the snapshot and reads a little of every partition, so that what cannot be exported is a
   * problem and not half an export.
   *
   * @param asOf null: as the namespace is now
   */
  Export(
      WorkerTopology topology,
      NamespaceDefinition definition,
      @Nullable Position asOf,
      @Nullable Map<String, @Nullable Object> filter,
      boolean includeVector,
      JsonMapper mapper) {
    this.topology = topology;
    this.definition = definition;
    this.filter = filter;
    this.includeVector = includeVector;
    this.mapper = mapper;
    this.asked = asOf;
    var commits = new TreeMap<Integer, Long>();
    for (int partition = 0; partition < definition.partitions(); partition++) {
      var at = asOf == null ? null : asOf.commits().get(partition);
      commits.put(partition, scan(partition, at, null, 1).commitSeq());
    }
    this.position = Position.of(definition.name(), commits);
  }

  /** What is exported. */
  Position position() {
    return position;
  }

  void writeTo(OutputStream out) throws IOException {
    for (var entry : position.commits().entrySet()) {
      String after = null;
      while (true) {
        var page = scan(entry.getKey(), entry.getValue(), after, PAGE);
        for (StoredDocument document : page.documents()) {
          out.write(mapper.writeValueAsBytes(line(document)));
          out.write('\n');
        }
        if (page.documents().size() < PAGE) {
          break;
        }
        after = page.documents().getLast().id();
      }
    }
  }

  private ScanResponse scan(
      int partition, @Nullable Long commit, @Nullable String after, int most) {
    try {
      return topology
          .ownerOf(partition)
          .api()
          .scan(
              definition.name().value(),
              partition,
              new ScanRequest(commit, after, most, filter, includeVector));
    } catch (MosaicException e) {
      throw Position.named(definition.name(), asked, e);
    }
  }

  /** As a bulk upload takes it. */
  private static DocumentBody line(StoredDocument stored) {
    var passages = stored.passages();
    return new DocumentBody(
        stored.id(),
        stored.title(),
        stored.text(),
        stored.fields(),
        stored.url(),
        stored.attributes().isEmpty() ? null : new TreeMap<>(stored.attributes()),
        passages == null || passages.isEmpty() ? null : passages.getFirst().vector(),
        stored.links().isEmpty() ? null : stored.links(),
        null);
  }
}
