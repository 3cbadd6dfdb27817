package io.mosaicdb.coordinator.ingest;

import io.mosaicdb.contract.document.WriteResponse.PartitionCommit;
import io.mosaicdb.contract.embedding.PassageSource;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.worker.ShardWorkerApi.CommitReceipt;
import io.mosaicdb.coordinator.embedding.Embedder;
import io.mosaicdb.coordinator.fanout.FanOut;
import io.mosaicdb.coordinator.namespace.NamespaceCatalog;
import io.mosaicdb.coordinator.namespace.NamespaceDefinition;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.model.DocumentId;
import io.mosaicdb.model.HashSlots;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.model.document.CommitBatch;
import io.mosaicdb.model.document.Operation;
import io.mosaicdb.model.document.Passage;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import tools.jackson.dataformat.cbor.CBORMapper;

/**
 * Writes documents: {@link #admit} checks each, {@link #prepare} embeds them, {@link #commit} sends
 * one commit to each partition. An operation that is not acceptable fails alone, at the first step;
 * an embedder that is away fails all, at the second; nothing is stored before the third. Commits of
 * several partitions are not one transaction: where some fail, their operations are reported as
 * failed and the others stand. Thread-safe.
 */
public final class DocumentWriter {
  private static final int MODEL_CHANGES = 2;
  private final NamespaceCatalog catalog;
  private final WorkerTopology topology;
  private final Embedder embedder;
  private final FanOut fanOut;
  private final IngestProperties limits;
  private final CBORMapper cbor = new CBORMapper();

  /** With the configuration's default limits. */
  public DocumentWriter(
      NamespaceCatalog catalog, WorkerTopology topology, Embedder embedder, FanOut fanOut) {
    this(catalog, topology, embedder, fanOut, IngestProperties.standard());
  }

  DocumentWriter(
      NamespaceCatalog catalog,
      WorkerTopology topology,
      Embedder embedder,
      FanOut fanOut,
      IngestProperties limits) {
    this.catalog = catalog;
    this.topology = topology;
    this.embedder = embedder;
    this.fanOut = fanOut;
    this.limits = limits;
  }

  /** Operations that were checked; those that failed have their outcome already. */
  record Admitted(
      NamespaceDefinition definition,
      List<Write> writes,
      List<@Nullable CheckedDocument> documents,
      @Nullable WriteOutcome[] outcomes) {}

  /** One partition's commit and the positions of its operations in the request. */
  record PartitionBatch(int partition, byte[] commit, List<Integer> positions) {}

  record Prepared(
      NamespaceDefinition definition,
      List<Write> writes,
      @Nullable WriteOutcome[] outcomes,
      List<PartitionBatch> batches) {}

  /** All three steps; a namespace that does not exist is created. */
  public WriteReport write(NamespaceName namespace, List<Write> writes, WriteOptions options) {
    try {
      return commit(prepare(admit(namespace, writes)), options);
    } catch (MosaicException e) {
      if (e.code() != ErrorCode.NAMESPACE_NOT_FOUND) {
        throw e;
      }
      // It was deleted since its definition was read.
      catalog.forget(namespace);
      return commit(prepare(admit(namespace, writes)), options);
    }
  }

  /** The outcome of a single operation; a failure is thrown. */
  public WriteReport writeOne(NamespaceName namespace, Write write, WriteOptions options) {
    var report = write(namespace, List.of(write), options);
    var _ = report.outcomes().getFirst().orThrow();
    return report;
  }

  Admitted admit(NamespaceName namespace, List<Write> asked) {
    var definition = catalog.loadOrCreate(namespace);
    var inferred = AttributeInference.newAttributes(asked, definition.schema());
    if (!inferred.isEmpty()) {
      definition = catalog.addAttributes(definition, inferred);
    }
    var inForce = definition;
    var writes = asked.stream().map(write -> current(write, inForce)).toList();
    var check = new DocumentCheck(definition.schema(), limits);
    var documents = new ArrayList<@Nullable CheckedDocument>(writes.size());
    var outcomes = new @Nullable WriteOutcome[writes.size()];
    for (int i = 0; i < writes.size(); i++) {
      var write = writes.get(i);
      CheckedDocument document = null;
      try {
        if (write.upsert() != null) {
          document = check.check(write.upsert(), write.passages(), write.pointer());
        } else {
          var _ = DocumentCheck.id(write.delete(), write.pointer());
        }
        if (write.ifVersion() != null && write.ifVersion() < 0) {
          throw MosaicException.invalidValue(
              write.pointer() + "/if_version", "must not be negative, got " + write.ifVersion());
        }
      } catch (MosaicException e) {
        outcomes[i] = WriteOutcome.failed(write.id(), e);
      }
      documents.add(document);
    }
    return new Admitted(definition, writes, documents, outcomes);
  }

  /** Without vectors of another model than the namespace's. */
  private static Write current(Write write, NamespaceDefinition definition) {
    return write.passages() == null
            || !definition.embedsOnTheServer()
            || (write.model() != null && write.model().equals(definition.vectorModel()))
        ? write
        : write.keepingNothing();
  }

  Prepared prepare(Admitted admitted) {
    var definition = admitted.definition();
    var sources = new ArrayList<PassageSource>();
    for (int i = 0; i < admitted.writes().size(); i++) {
      var document = admitted.documents().get(i);
      if (admitted.outcomes()[i] == null && document != null && document.passages() == null) {
        sources.add(document.source());
      }
    }
    var embedded = embedder.passages(sources, definition.model());
    var operations = new TreeMap<Integer, List<Operation>>();
    var positions = new TreeMap<Integer, List<Integer>>();
    int source = 0;
    for (int i = 0; i < admitted.writes().size(); i++) {
      if (admitted.outcomes()[i] != null) {
        continue;
      }
      var write = admitted.writes().get(i);
      var document = admitted.documents().get(i);
      Operation operation;
      if (document == null) {
        operation = Operation.delete(write.id());
      } else {
        List<Passage> passages =
            document.passages() == null ? embedded.passages().get(source++) : document.passages();
        operation = Operation.upsert(document.with(passages));
      }
      if (write.ifVersion() != null) {
        operation = operation.ifVersion(write.ifVersion());
      }
      int partition =
          HashSlots.partitionOf(new DocumentId(operation.id()), definition.partitions());
      operations.computeIfAbsent(partition, _ -> new ArrayList<>()).add(operation);
      positions.computeIfAbsent(partition, _ -> new ArrayList<>()).add(i);
    }
    var model = modelOf(embedded, definition);
    var batches = new ArrayList<PartitionBatch>(operations.size());
    operations.forEach((partition, list) ->
        batches.add(
            new PartitionBatch(
                partition,
                cbor.writeValueAsBytes(new CommitBatch(model, list)),
                List.copyOf(positions.getOrDefault(partition, List.of())))));
    return new Prepared(definition, admitted.writes(), admitted.outcomes(), batches);
  }

  WriteReport commit(Prepared prepared, WriteOptions options) {
    return commit(prepared, options, MODEL_CHANGES);
  }

  /**
   * @param again how often operations whose vectors are of another model than the namespace's are
   *     embedded anew
   */
  private WriteReport commit(Prepared prepared, WriteOptions options, int again) {
    var namespace = prepared.definition().name();
    var commits = new TreeMap<Integer, PartitionCommit>();
    var outcomes = prepared.outcomes().clone();
    var calls = new ArrayList<Future<CommitReceipt>>(prepared.batches().size());
    for (var batch : prepared.batches()) {
      calls.add(fanOut.start(() -> append(namespace, batch, options)));
    }
    MosaicException failure = null;
    var outdated = new ArrayList<Integer>();
    for (int b = 0; b < calls.size(); b++) {
      var batch = prepared.batches().get(b);
      try {
        var receipt = FanOut.await(calls.get(b));
        commits.put(
            batch.partition(),
            new PartitionCommit(receipt.commitSeq(), receipt.commitId(), receipt.duplicate()));
        for (int i = 0; i < batch.positions().size(); i++) {
          var result = receipt.results().get(i);
          outcomes[batch.positions().get(i)] =
              WriteOutcome.of(result.id(), result.status(), result.version());
        }
      } catch (MosaicException e) {
        if (e.code() == ErrorCode.SCHEMA_CONFLICT && again > 0) {
          outdated.addAll(batch.positions());
          continue;
        }
        failure = e;
        for (int position : batch.positions()) {
          outcomes[position] = WriteOutcome.failed(prepared.writes().get(position).id(), e);
        }
      }
    }
    if (!outdated.isEmpty()) {
      // The namespace has gone over to another model since its definition was read.
      catalog.forget(namespace);
      try {
        var report =
            commit(
                prepare(admit(namespace, outdated.stream().map(prepared.writes()::get).toList())),
                options,
                again - 1);
        for (int i = 0; i < outdated.size(); i++) {
          outcomes[outdated.get(i)] = report.outcomes().get(i);
        }
        commits.putAll(report.commits());
      } catch (MosaicException e) {
        failure = e;
        for (int position : outdated) {
          outcomes[position] = WriteOutcome.failed(prepared.writes().get(position).id(), e);
        }
      }
    }
    if (failure != null && commits.isEmpty()) {
      throw failure;
    }
    var all = new ArrayList<WriteOutcome>(outcomes.length);
    for (var outcome : outcomes) {
      if (outcome == null) {
        throw new IllegalStateException("an operation has no outcome");
      }
      all.add(outcome);
    }
    return new WriteReport(namespace, all, commits);
  }

  private CommitReceipt append(
      NamespaceName namespace, PartitionBatch batch, WriteOptions options) {
    var worker = topology.ownerOf(batch.partition());
    var receipt =
        worker
            .api()
            .append(
                namespace.value(),
                batch.partition(),
                batch.commit(),
                options.acknowledge(),
                options.keyOf(batch.partition()));
    if (receipt.results().size() != batch.positions().size()) {
      throw new MosaicException(
          ErrorCode.INTERNAL_ERROR,
          "worker %s answered for %d of %d operations"
              .formatted(worker.id(), receipt.results().size(), batch.positions().size()));
    }
    return receipt;
  }

  private static String modelOf(
      Embedder.EmbeddedDocuments embedded, NamespaceDefinition definition) {
    if (embedded.embedder() != null) {
      return embedded.embedder();
    }
    // Vectors that were kept through a patch are of the namespace's own model.
    var known = definition.embedder();
    return known == null || !definition.embedsOnTheServer()
        ? ""
        : Embedder.nameOf(known.id(), known.revision());
  }
}
