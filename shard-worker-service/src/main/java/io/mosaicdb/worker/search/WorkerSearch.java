package io.mosaicdb.worker.search;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.contract.search.SearchResponse;
import io.mosaicdb.contract.worker.WorkerSearchRequest;
import io.mosaicdb.contract.worker.WorkerSearchResponse;
import io.mosaicdb.contract.worker.WorkerSearchResponse.DocumentRef;
import io.mosaicdb.contract.worker.WorkerSearchResponse.LegHit;
import io.mosaicdb.model.InvalidInputException;
import io.mosaicdb.model.document.Vectors;
import io.mosaicdb.model.filter.Filter;
import io.mosaicdb.model.filter.FilterParser;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.log.NotAppliedInTimeException;
import io.mosaicdb.storage.partition.Partition;
import io.mosaicdb.storage.partition.ShardReaders;
import io.mosaicdb.storage.search.Grouping;
import io.mosaicdb.storage.search.PartitionSnapshot;
import io.mosaicdb.storage.search.Plan;
import io.mosaicdb.storage.search.Routing;
import io.mosaicdb.storage.search.SearchCommand;
import io.mosaicdb.storage.search.SearchOutcome;
import io.mosaicdb.storage.search.SnapshotSearch;
import io.mosaicdb.storage.search.SortOrder;
import io.mosaicdb.storage.shard.ShardSchema;
import io.mosaicdb.storage.vector.VectorQuery;
import io.mosaicdb.storage.vector.VectorSearchOptions;
import io.mosaicdb.worker.breaker.ShardBreakers;
import io.mosaicdb.worker.metrics.NamespaceMeters;
import io.mosaicdb.worker.namespace.DiskThreads;
import io.mosaicdb.worker.namespace.Namespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Answers one scatter of a search. Runs on the request's thread, which only waits. */
@Component
public final class WorkerSearch {
  private static final int SPARE_OF_GROUP = 8;

  private final SnapshotSearch search;
  private final SnapshotLeases leases;
  private final ShardReaders readers;
  private final ShardBreakers breakers;
  private final NamespaceMeters meters;

  WorkerSearch(
      SnapshotSearch search,
      SnapshotLeases leases,
      ShardReaders readers,
      ShardBreakers breakers,
      NamespaceMeters meters) {
    this.meters = meters;
    this.breakers = breakers;
    this.search = search;
    this.leases = leases;
    this.readers = readers;
  }

  public WorkerSearchResponse search(Namespace namespace, WorkerSearchRequest request) {
    long deadline = System.nanoTime() + Duration.ofMillis(request.timeoutMs()).toNanos();
    var partitions = partitions(namespace, request);
    awaitCommits(partitions, request.minCommit(), deadline);
    // The same ranks for the whole answer, whatever is published meanwhile.
    var authority = HitAuthority.of(partitions);
    try (var reading = readers.begin()) {
      var question = namespace.settled(() -> question(namespace, request, partitions, deadline));
      var snapshots = question.snapshots();
      var command = question.command();
      var outcome = search.search(snapshots, command, breakers.of(namespace.name()));
      var receipt = Receipts.of(question.definition(), snapshots, authority, outcome);
      count(namespace, searched(outcome));
      return response(
          snapshots,
          reading,
          receipt,
          outcome,
          command,
          request,
          request.authority() ? authority : HitAuthority.NONE);
    } catch (RejectedExecutionException _) {
      throw DiskThreads.overloaded(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MosaicException(ErrorCode.WORKER_UNAVAILABLE, "the worker is stopping", e);
    }
  }

  /** What is asked of what, all of one schema. */
  private record Question(
      String definition, SearchCommand command, List<PartitionSnapshot> snapshots) {}

  private static Question question(
      Namespace namespace, WorkerSearchRequest request, List<Partition> partitions, long deadline) {
    var definition = namespace.definition();
    return new Question(
        definition,
        command(namespace, request, partitions, deadline),
        snapshots(partitions, request));
  }

  private static List<PartitionSnapshot> snapshots(
      List<Partition> partitions, WorkerSearchRequest request) {
    var snapshots = Snapshots.of(partitions, request.asOf());
    var without = request.without();
    return without == null
        ? snapshots
        : snapshots.stream().map(snapshot -> snapshot.without(without)).toList();
  }

  private static List<Partition> partitions(Namespace namespace, WorkerSearchRequest request) {
    return request.partitions() == null
        ? namespace.partitions()
        : request.partitions().stream().map(namespace::partition).toList();
  }

  private static void awaitCommits(
      List<Partition> partitions, @Nullable Map<String, Long> commits, long deadline) {
    if (commits == null) {
      return;
    }
    for (Partition partition : partitions) {
      var wanted = commits.get(Integer.toString(partition.number()));
      if (wanted == null || partition.snapshot().commitSeq() >= wanted) {
        continue;
      }
      var left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
      try {
        partition.awaitApplied(wanted, left).join();
      } catch (CompletionException e) {
        if (e.getCause() instanceof NotAppliedInTimeException late) {
          throw new MosaicException(
              ErrorCode.DEADLINE_EXCEEDED, "min_commit: " + late.getMessage(), late);
        }
        throw e;
      }
    }
  }

  private static SearchCommand command(
      Namespace namespace, WorkerSearchRequest request, List<Partition> partitions, long deadline) {
    var schema = namespace.schema();
    var words = request.text();
    var text = words == null ? null : WordOptions.parse(namespace, words, request.words());
    var demands =
        words == null || request.vector() == null
            ? null
            : WordOptions.demands(namespace, words, request.words());
    if (request.vector() != null) {
      // First: vectors of another model may have another length as well.
      requireSameEmbedder(partitions, request.embedder());
    }
    var vector = request.vector() == null ? null : vector(schema, request.vector());
    return new SearchCommand(
        text,
        vector,
        request.exact() ? VectorSearchOptions.EXACT : VectorSearchOptions.DEFAULT,
        filter(schema, request.filter()),
        request.candidates(),
        request.minScore(),
        Duration.ofNanos(Math.max(1, deadline - System.nanoTime())),
        WorkerFacets.facets(schema, request.facets()),
        grouping(schema, request),
        order(schema, request.sort()),
        request.plan() == null ? null : Plan.find(request.plan()).orElse(null),
        demands,
        routing(request.routing()));
  }

  private static Routing routing(SearchRequest.@Nullable RoutingOptionsBody options) {
    return options == null
        ? Routing.EVERYWHERE
        : new Routing(options.minSimilarity(), Boolean.TRUE.equals(options.requireWords()));
  }

  /** For a fusion a leg brings some more of each group: the best together need not be its best. */
  private static @Nullable Grouping grouping(Schema schema, WorkerSearchRequest request) {
    var group = request.group();
    if (group == null || group.field() == null || group.size() == null) {
      return null;
    }
    boolean fused = request.text() != null && request.vector() != null;
    return new Grouping(
        WorkerFacets.column(schema, group.field(), "/group/field").name(),
        group.size(),
        fused ? SPARE_OF_GROUP : 0);
  }

  private static @Nullable SortOrder order(
      Schema schema, @Nullable List<SearchRequest.SortBody> sort) {
    if (sort == null) {
      return null;
    }
    var keys = new ArrayList<SortOrder.Key>(sort.size());
    for (SearchRequest.SortBody key : sort) {
      keys.add(
          new SortOrder.Key(
              WorkerFacets.column(schema, String.valueOf(key.field()), "/sort").name(),
              "desc".equals(key.order())));
    }
    return new SortOrder(keys);
  }

  private static VectorQuery vector(Schema schema, byte[] bytes) {
    var vector = Vectors.toFloats(bytes);
    if (vector.length != schema.vector().dimensions()) {
      throw MosaicException.at(
          ErrorCode.DIMENSION_MISMATCH,
          "/vector",
          "must have " + schema.vector().dimensions() + " numbers, got " + vector.length);
    }
    try {
      return VectorQuery.of(ShardSchema.vectorMetric(schema.vector().metric()), vector);
    } catch (IllegalArgumentException e) {
      throw MosaicException.at(ErrorCode.INVALID_VECTOR, "/vector", String.valueOf(e.getMessage()));
    }
  }

  private static void requireSameEmbedder(List<Partition> partitions, @Nullable String embedder) {
    if (embedder == null) {
      return;
    }
    for (Partition partition : partitions) {
      var held = partition.embedder();
      if (held.isPresent() && !held.get().equals(embedder)) {
        throw new MosaicException(
            ErrorCode.EMBEDDER_UNAVAILABLE,
            "the namespace holds vectors of "
                + (held.get().isEmpty() ? "the client" : held.get())
                + ", the embedder in force is "
                + embedder
                + "; they cannot be compared");
      }
    }
  }

  public static @Nullable Filter filter(
      Schema schema, @Nullable Map<String, @Nullable Object> json) {
    if (json == null) {
      return null;
    }
    try {
      return FilterParser.parse(json, schema, "/filter");
    } catch (InvalidInputException e) {
      throw MosaicException.invalidValue(e.pointer(), String.valueOf(e.getMessage()));
    }
  }

  /** Whether a search would read what the one with that receipt has read. */
  public boolean unchanged(Namespace namespace, String receipt) {
    var searched = Receipts.stillSearched(receipt, namespace);
    searched.ifPresent(shards -> count(namespace, shards));
    return searched.isPresent();
  }

  private void count(Namespace namespace, List<String> shards) {
    namespace.use().count(shards, System.currentTimeMillis());
    meters.searched(namespace.name().value(), shards.size());
  }

  private static List<String> searched(SearchOutcome outcome) {
    var shards = new ArrayList<String>();
    for (var report : outcome.segments()) {
      if (report.state() == SearchOutcome.State.SEARCHED && !report.name().equals("live")) {
        shards.add(report.name());
      }
    }
    return shards;
  }

  private WorkerSearchResponse response(
      List<PartitionSnapshot> snapshots,
      ShardReaders.Reading reading,
      String receipt,
      SearchOutcome outcome,
      SearchCommand command,
      WorkerSearchRequest request,
      HitAuthority authority) {
    var partitions = new TreeMap<String, SearchResponse.PartitionSnapshot>();
    for (PartitionSnapshot snapshot : snapshots) {
      partitions.put(
          Integer.toString(snapshot.partition()),
          new SearchResponse.PartitionSnapshot(snapshot.generation(), snapshot.commitSeq()));
    }
    return new WorkerSearchResponse(
        leases.grant(snapshots, reading),
        hits(outcome.text(), authority),
        hits(outcome.vector(), authority),
        new SearchResponse.TotalBody(outcome.total(), outcome.totalIsExact() ? "eq" : "gte"),
        command.sort() == null ? null : sorted(outcome.sorted(), authority),
        request.facets() == null
            ? null
            : WorkerFacets.parts(request.facets(), outcome.facets(), isWhole(outcome)),
        partitions,
        receipt,
        shards(outcome),
        request.explain() ? routing(outcome) : null,
        request.explain() ? WorkerPlan.of(outcome, snapshots) : null,
        new WorkerSearchResponse.WorkerTimings(
            outcome.timings().filterMs(), outcome.timings().textMs(), outcome.timings().vectorMs()),
        authority.describe());
  }

  private static boolean isWhole(SearchOutcome outcome) {
    return outcome.segments().stream()
        .allMatch(report ->
            report.state() == SearchOutcome.State.SEARCHED
                || report.state() == SearchOutcome.State.PRUNED);
  }

  private static List<LegHit> hits(List<SearchOutcome.LegHit> found, HitAuthority authority) {
    var hits = new ArrayList<LegHit>(found.size());
    for (SearchOutcome.LegHit hit : found) {
      hits.add(
          new LegHit(
              hit.id(),
              hit.score(),
              new DocumentRef(hit.partition(), hit.segment(), hit.document()),
              hit.passage() < 0 ? null : hit.passage(),
              hit.group(),
              null,
              authority.of(hit.partition(), hit.id())));
    }
    return hits;
  }

  private static List<LegHit> sorted(List<SearchOutcome.SortedHit> found, HitAuthority authority) {
    var hits = new ArrayList<LegHit>(found.size());
    for (SearchOutcome.SortedHit hit : found) {
      hits.add(
          new LegHit(
              hit.id(),
              0,
              new DocumentRef(hit.partition(), hit.segment(), hit.document()),
              null,
              hit.group(),
              hit.keys(),
              authority.of(hit.partition(), hit.id())));
    }
    return hits;
  }

  private static SearchResponse.ShardsBody shards(SearchOutcome outcome) {
    var counts = new HashMap<SearchOutcome.State, Integer>();
    var missing = new ArrayList<String>();
    var reasons = new TreeMap<String, String>();
    for (var report : outcome.segments()) {
      counts.merge(report.state(), 1, Integer::sum);
      if (report.state() != SearchOutcome.State.SEARCHED
          && report.state() != SearchOutcome.State.PRUNED) {
        missing.add(report.name());
        reasons.put(report.name(), report.reason());
      }
    }
    return new SearchResponse.ShardsBody(
        outcome.segments().size(),
        counts.getOrDefault(SearchOutcome.State.SEARCHED, 0),
        counts.getOrDefault(SearchOutcome.State.PRUNED, 0),
        counts.getOrDefault(SearchOutcome.State.TIMED_OUT, 0),
        counts.getOrDefault(SearchOutcome.State.FAILED, 0),
        counts.getOrDefault(SearchOutcome.State.SKIPPED, 0),
        missing,
        reasons);
  }

  private static List<SearchResponse.RoutingBody> routing(SearchOutcome outcome) {
    return outcome.segments().stream()
        .map(report ->
            new SearchResponse.RoutingBody(
                Integer.toString(report.partition()),
                report.name(),
                report.state().name().toLowerCase(java.util.Locale.ROOT),
                report.documents(),
                report.reason().isEmpty() ? null : report.reason()))
        .toList();
  }
}
