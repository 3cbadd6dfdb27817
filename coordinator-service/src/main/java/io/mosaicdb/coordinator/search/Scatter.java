package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.error.ErrorCategory;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchResponse.DegradedBody;
import io.mosaicdb.contract.search.SearchResponse.ShardsBody;
import io.mosaicdb.contract.worker.WorkerSearchRequest;
import io.mosaicdb.contract.worker.WorkerSearchResponse;
import io.mosaicdb.coordinator.fanout.FanOut;
import io.mosaicdb.coordinator.position.Position;
import io.mosaicdb.coordinator.worker.Ownership;
import io.mosaicdb.coordinator.worker.Worker;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Sends a search to every worker that holds a part of the namespace, and waits until a deadline.
 */
final class Scatter {
  // A worker answers at its deadline with what it has; the answer still has to arrive.
  private static final Duration GRACE = Duration.ofMillis(250);
  private final WorkerTopology topology;
  private final FanOut fanOut;

  Scatter(WorkerTopology topology, FanOut fanOut) {
    this.topology = topology;
    this.fanOut = fanOut;
  }

  /** A worker's answer. */
  record Answer(Worker worker, WorkerSearchResponse response) {}

  /**
   * @param answers at least one
   * @param shards counted over all workers; a silent worker counts one a partition
   * @param degraded one entry a worker that did not answer
   */
  record Gathered(List<Answer> answers, ShardsBody shards, List<DegradedBody> degraded) {}

  /**
   * @throws MosaicException if the request is at fault, or no worker answered
   */
  Gathered search(
      SearchQuery query, byte @Nullable [] vector, @Nullable String embedder, long deadline) {
    var namespace = query.definition().name().value();
    var owners = topology.ownersOf(query.definition().partitions());
    var calls = new ArrayList<Future<WorkerSearchResponse>>(owners.size());
    for (var owner : owners) {
      var request = request(query, vector, embedder, owner, owners.size(), deadline);
      calls.add(fanOut.start(() -> owner.worker().api().search(namespace, request)));
    }
    var answers = new ArrayList<Answer>();
    var degraded = new ArrayList<DegradedBody>();
    var tally = new ShardTally();
    MosaicException failure = null;
    for (int i = 0; i < calls.size(); i++) {
      var owner = owners.get(i);
      try {
        var patience = Duration.ofNanos(deadline - System.nanoTime()).plus(GRACE);
        var response = FanOut.await(calls.get(i), patience, "the search in " + owner.worker().id());
        answers.add(new Answer(owner.worker(), response));
        tally.add(response.shards());
      } catch (MosaicException e) {
        if (e.code().category() == ErrorCategory.USER) {
          throw e;
        }
        failure = e;
        tally.addSilent(owner, e.code() == ErrorCode.DEADLINE_EXCEEDED);
        degraded.add(new DegradedBody(e.code().code(), e.detail()));
      }
    }
    if (answers.isEmpty() && failure != null) {
      throw failure;
    }
    return new Gathered(answers, tally.toBody(), degraded);
  }

  private static WorkerSearchRequest request(
      SearchQuery query,
      byte @Nullable [] vector,
      @Nullable String embedder,
      Ownership owner,
      int owners,
      long deadline) {
    var minCommit = query.minCommit() == null ? null : commits(query.minCommit(), owner);
    return new WorkerSearchRequest(
        owners == 1 ? null : owner.partitions(),
        query.wantsText() ? query.text() : null,
        vector,
        embedder,
        query.filter(),
        query.candidates(),
        query.exact(),
        least(query),
        minCommit,
        (int) Math.max(1, (deadline - System.nanoTime()) / 1_000_000),
        query.explain(),
        query.words(),
        query.facets().isEmpty() ? null : query.facets(),
        query.group(),
        query.ordered() ? query.sort() : null,
        query.asOf() == null ? null : commits(query.asOf(), owner),
        query.plan(),
        query.routing(),
        query.without(),
        query.limit() > 0);
  }

  /** The least vector score of a hit that can be in the answer; null: any. */
  private static @Nullable Double least(SearchQuery query) {
    var minScore = query.minScore();
    if (query.minSimilarity() != null
        || query.mode() != SearchMode.SEMANTIC
        || query.ranking().rerank() > 0
        || minScore == null) {
      return query.minSimilarity();
    }
    double raise = query.ranking().mostRaise();
    if (raise == 0) {
      return minScore;
    }
    // Below by a little more than rounding takes; the ranking looks again.
    return minScore <= 0 ? null : minScore / (1 + raise) * (1 - 1e-9);
  }

  /** The part of {@code position} that lies with {@code owner}. */
  private static Map<String, Long> commits(Position position, Ownership owner) {
    var commits = new TreeMap<String, Long>();
    for (var entry : position.commits().entrySet()) {
      if (owner.partitions().contains(entry.getKey())) {
        commits.put(String.valueOf(entry.getKey()), entry.getValue());
      }
    }
    return commits;
  }

  /** Counts shards over workers. */
  private static final class ShardTally {
    private int total;
    private int searched;
    private int pruned;
    private int timedOut;
    private int failed;
    private int skipped;
    private final List<String> missing = new ArrayList<>();
    private final Map<String, String> reasons = new TreeMap<>();

    void add(ShardsBody shards) {
      total += shards.total();
      searched += shards.searched();
      pruned += shards.pruned();
      timedOut += shards.timedOut();
      failed += shards.failed();
      skipped += shards.skipped();
      missing.addAll(shards.missing());
      reasons.putAll(shards.reasons());
    }

    void addSilent(Ownership owner, boolean late) {
      for (int partition : owner.partitions()) {
        total++;
        if (late) {
          timedOut++;
        } else {
          failed++;
        }
        missing.add("partition " + partition);
      }
    }

    ShardsBody toBody() {
      return new ShardsBody(total, searched, pruned, timedOut, failed, skipped, missing, reasons);
    }
  }
}
