package io.mosaicdb.pagerank.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the PageRank service.
 *
 * @param folder where runs keep what they need to go on after a crash
 * @param interval how long after a run the ranks of a namespace that has changed are computed
 *     again; 0: only when asked for
 * @param intervals the same for single namespaces, by name
 * @param checkpointInterval how often the ranks so far are stored; 0: after each iteration
 * @param runsAtOnce runs of different namespaces that go on at a time
 * @param threads platform threads that iterate; 0: as many as there are processors
 * @param pageDocuments documents whose links are asked for at a time
 * @param keptRuns runs that have ended and are remembered
 */
@ConfigurationProperties("mosaic.pagerank")
public record PageRankProperties(
    @DefaultValue("data/pagerank") Path folder,
    @DefaultValue("0") Duration interval,
    @DefaultValue Map<String, Duration> intervals,
    @DefaultValue("10s") Duration checkpointInterval,
    @DefaultValue("1") int runsAtOnce,
    @DefaultValue("0") int threads,
    @DefaultValue("500") int pageDocuments,
    @DefaultValue("100") int keptRuns) {
  public PageRankProperties {
    intervals = Map.copyOf(intervals);
    requireNotNegative("interval", interval);
    intervals.forEach((namespace, each) -> requireNotNegative("intervals." + namespace, each));
    requireNotNegative("checkpoint-interval", checkpointInterval);
    requireBetween("runs-at-once", runsAtOnce, 1, 64);
    requireBetween("threads", threads, 0, 1024);
    requireBetween("page-documents", pageDocuments, 1, 10_000);
    requireBetween("kept-runs", keptRuns, 1, 10_000);
  }

  private static void requireNotNegative(String key, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException("mosaic.pagerank." + key + " must be >= 0, got " + value);
    }
  }

  private static void requireBetween(String key, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "mosaic.pagerank."
              + key
              + " must be between "
              + least
              + " and "
              + most
              + ", got "
              + value);
    }
  }

  /** How long after a run the namespace's ranks are computed again; 0: never by itself. */
  Duration intervalOf(String namespace) {
    return intervals.getOrDefault(namespace, interval);
  }
}
