package io.mosaicdb.coordinator.sql;

import io.mosaicdb.contract.error.ErrorCategory;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchResponse.CoverageBody;
import io.mosaicdb.contract.search.SearchResponse.DegradedBody;
import io.mosaicdb.contract.search.SearchResponse.PartitionSnapshot;
import io.mosaicdb.contract.search.SearchResponse.ShardsBody;
import io.mosaicdb.contract.search.SearchResponse.SnapshotBody;
import io.mosaicdb.contract.sql.SqlRequest;
import io.mosaicdb.contract.sql.SqlResponse;
import io.mosaicdb.contract.worker.WorkerSqlExtract;
import io.mosaicdb.contract.worker.WorkerSqlRequest;
import io.mosaicdb.contract.worker.WorkerSqlResponse;
import io.mosaicdb.contract.worker.WorkerSqlResponse.SqlScope;
import io.mosaicdb.coordinator.fanout.FanOut;
import io.mosaicdb.coordinator.namespace.NamespaceCatalog;
import io.mosaicdb.coordinator.namespace.NamespaceDefinition;
import io.mosaicdb.coordinator.position.Position;
import io.mosaicdb.coordinator.worker.Ownership;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.starter.request.RequestId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Answers SQL. With one worker the whole statement runs there. With several, the one that holds
 * most partitions runs it, beside what the others extracted of theirs for it.
 */
final class SqlAnswers {
  // A worker stops at its deadline; its answer still has to arrive.
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final NamespaceCatalog catalog;
  private final WorkerTopology topology;
  private final FanOut fanOut;
  private final SqlCheck check;

  SqlAnswers(
      NamespaceCatalog catalog, WorkerTopology topology, FanOut fanOut, SqlProperties limits) {
    this.catalog = catalog;
    this.topology = topology;
    this.fanOut = fanOut;
    this.check = new SqlCheck(limits);
  }

  SqlResponse answer(NamespaceName namespace, SqlRequest request) {
    long start = System.nanoTime();
    var statement = check.check(request);
    var definition = catalog.load(namespace);
    try {
      return answer(definition, statement, start);
    } catch (MosaicException e) {
      if (e.code() == ErrorCode.NAMESPACE_NOT_FOUND) {
        catalog.forget(namespace);
      }
      throw e;
    }
  }

  private SqlResponse answer(
      NamespaceDefinition definition, SqlCheck.Statement statement, long start) {
    long deadline = start + statement.timeout().toNanos();
    var owners = new ArrayList<>(topology.ownersOf(definition.partitions()));
    owners.sort((a, b) -> Integer.compare(b.partitions().size(), a.partitions().size()));
    var first = owners.getFirst();
    var others = owners.subList(1, owners.size());
    var tally = new Tally();
    var extracts = extracts(definition, statement, others, deadline, tally);
    var worker =
        FanOut.await(
            fanOut.start(() ->
                first
                    .worker()
                    .api()
                    .sql(
                        definition.name().value(),
                        request(statement, others.isEmpty() ? null : first, extracts, deadline))),
            patience(deadline),
            "the statement in " + first.worker().id());
    tally.add(worker.scope());
    return response(definition, worker, tally, start);
  }

  /** What the other workers hold; one that does not answer is left out where that is allowed. */
  private List<List<byte[]>> extracts(
      NamespaceDefinition definition,
      SqlCheck.Statement statement,
      List<Ownership> others,
      long deadline,
      Tally tally) {
    var calls = new ArrayList<Future<WorkerSqlExtract>>();
    for (var owner : others) {
      // The answer is made after the extracts are there: half of the time is for them.
      long half = System.nanoTime() + (deadline - System.nanoTime()) / 2;
      var request = request(statement, owner, null, half);
      calls.add(
          fanOut.start(() -> owner.worker().api().extract(definition.name().value(), request)));
    }
    var extracts = new ArrayList<List<byte[]>>();
    for (int i = 0; i < calls.size(); i++) {
      var owner = others.get(i);
      try {
        long half = System.nanoTime() + (deadline - System.nanoTime()) / 2;
        var extract =
            FanOut.await(calls.get(i), patience(half), "the statement in " + owner.worker().id());
        extracts.add(extract.pieces());
        tally.add(extract.scope());
      } catch (MosaicException e) {
        if (e.code().category() == ErrorCategory.USER) {
          throw e;
        }
        if (!statement.allowPartial()) {
          throw incomplete(owner, e);
        }
        tally.addSilent(owner, e);
      }
    }
    return extracts;
  }

  private static MosaicException incomplete(Ownership owner, MosaicException e) {
    if (e.code() == ErrorCode.DEADLINE_EXCEEDED || e.code() == ErrorCode.OVERLOADED) {
      return e;
    }
    return new MosaicException(
        ErrorCode.PARTIAL_NOT_ALLOWED,
        "partitions %s of worker %s cannot be read: %s"
            .formatted(owner.partitions(), owner.worker().id(), e.detail()),
        List.of(),
        Duration.ofSeconds(1),
        e);
  }

  private static Duration patience(long deadline) {
    return Duration.ofNanos(deadline - System.nanoTime()).plus(GRACE);
  }

  private static WorkerSqlRequest request(
      SqlCheck.Statement statement,
      @Nullable Ownership owner,
      @Nullable List<List<byte[]>> extracts,
      long deadline) {
    return new WorkerSqlRequest(
        owner == null ? null : owner.partitions(),
        statement.sql(),
        statement.parameters(),
        (int) Math.max(1, (deadline - System.nanoTime()) / 1_000_000),
        statement.maxRows(),
        statement.allowPartial(),
        extracts == null || extracts.isEmpty() ? null : extracts);
  }

  private static SqlResponse response(
      NamespaceDefinition definition, WorkerSqlResponse answer, Tally tally, long start) {
    var shards = tally.shards();
    var commits = new TreeMap<Integer, Long>();
    tally.partitions.forEach(
        (partition, snapshot) -> commits.put(Integer.parseInt(partition), snapshot.commitSeq()));
    return new SqlResponse(
        answer.columns(),
        answer.rows(),
        answer.truncated(),
        new SnapshotBody(
            Position.of(definition.name(), commits).token(),
            tally.partitions,
            definition.embedder()),
        new CoverageBody(shards.timedOut() == 0 && shards.failed() == 0, shards, tally.degraded),
        Math.round((System.nanoTime() - start) / 1_000.0) / 1_000.0,
        RequestId.currentOrNew());
  }

  /** Adds up what the workers read. */
  private static final class Tally {
    private final Map<String, PartitionSnapshot> partitions = new TreeMap<>();
    private final List<DegradedBody> degraded = new ArrayList<>();
    private final List<ShardsBody> parts = new ArrayList<>();

    void add(SqlScope scope) {
      partitions.putAll(scope.partitions());
      degraded.addAll(scope.degraded());
      parts.add(scope.shards());
    }

    void addSilent(Ownership owner, MosaicException e) {
      boolean late = e.code() == ErrorCode.DEADLINE_EXCEEDED;
      int count = owner.partitions().size();
      var missing = owner.partitions().stream().map(each -> "partition " + each).toList();
      parts.add(
          new ShardsBody(count, 0, 0, late ? count : 0, late ? 0 : count, 0, missing, Map.of()));
      degraded.add(
          new DegradedBody(e.code().code(), "worker " + owner.worker().id() + ": " + e.detail()));
    }

    ShardsBody shards() {
      int total = 0;
      int searched = 0;
      int pruned = 0;
      int timedOut = 0;
      int failed = 0;
      var missing = new ArrayList<String>();
      var reasons = new TreeMap<String, String>();
      for (var part : parts) {
        total += part.total();
        searched += part.searched();
        pruned += part.pruned();
        timedOut += part.timedOut();
        failed += part.failed();
        missing.addAll(part.missing());
        reasons.putAll(part.reasons());
      }
      return new ShardsBody(total, searched, pruned, timedOut, failed, 0, missing, reasons);
    }
  }
}
