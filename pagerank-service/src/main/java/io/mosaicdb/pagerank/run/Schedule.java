package io.mosaicdb.pagerank.run;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.worker.ShardWorkerApi.LinksRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes ranks again after the namespace's interval, where its documents have changed since. A
 * run counts whoever asked for it; the next has its settings' defaults and starts from its ranks.
 */
final class Schedule implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Schedule.class);

  private final Runs runs;
  private final Workers workers;
  private final PageRankProperties properties;
  private final InstantSource clock;
  private final ScheduledExecutorService rounds =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("rank-schedule-", 0).daemon().factory());

  Schedule(Runs runs, Workers workers, PageRankProperties properties, InstantSource clock) {
    this.runs = runs;
    this.workers = workers;
    this.properties = properties;
    this.clock = clock;
  }

  /** Looks now and then, if anything is to be done by itself at all. */
  void start() {
    var shortest = properties.interval();
    for (Duration each : properties.intervals().values()) {
      if (shortest.isZero() || (!each.isZero() && each.compareTo(shortest) < 0)) {
        shortest = each;
      }
    }
    if (shortest.isZero()) {
      return;
    }
    long millis = Math.clamp(shortest.toMillis() / 4, 100, 60_000);
    var _ = rounds.scheduleWithFixedDelay(this::safely, millis, millis, TimeUnit.MILLISECONDS);
  }

  private void safely() {
    try {
      round();
    } catch (RuntimeException e) {
      log.warn("scheduled ranks are late reason={}", e.getMessage());
    }
  }

  /** Begins the runs that are due. */
  void round() {
    for (var namespace : workers.any().namespaces().namespaces()) {
      var name = namespace.namespace();
      var interval = properties.intervalOf(name);
      if (interval.isZero() || !isDue(name, interval)) {
        continue;
      }
      try {
        var _ = runs.start(RunRequest.standard(name));
      } catch (MosaicException e) {
        if (e.code() != ErrorCode.PAGERANK_RUNNING && e.code() != ErrorCode.NAMESPACE_NOT_FOUND) {
          throw e;
        }
      }
    }
  }

  private boolean isDue(String namespace, Duration interval) {
    var last = runs.last(namespace).orElse(null);
    if (last == null) {
      return true;
    }
    if (!last.state().hasEnded() || clock.instant().isBefore(last.createdAt().plus(interval))) {
      return false;
    }
    var report = last.report();
    return report == null || !report.commits().equals(commits(namespace));
  }

  private Map<String, Long> commits(String namespace) {
    var commits = new HashMap<String, Long>();
    int partitions = workers.partitionsOf(namespace);
    for (int p = 0; p < partitions; p++) {
      var newest = workers.ownerOf(p).links(namespace, p, new LinksRequest(null, null, 0));
      commits.put(Integer.toString(p), newest.commitSeq());
    }
    return commits;
  }

  @Override
  public void close() {
    rounds.shutdownNow();
  }
}
