package io.mosaicdb.coordinator.search;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchResponse;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * How many searches there were, how long they took and how they ended: each search once, a kept
 * answer as well as one that was made anew.
 */
final class SearchMeters {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofNanos(2_500_000_000L),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10)
  };

  private final Timer ok;
  private final Timer partial;
  private final Timer stale;
  private final Timer refused;
  private final Timer failed;

  SearchMeters(MeterRegistry registry) {
    ok = timer("ok", registry);
    partial = timer("partial", registry);
    stale = timer("stale", registry);
    refused = timer("refused", registry);
    failed = timer("failed", registry);
  }

  private static Timer timer(String outcome, MeterRegistry registry) {
    return Timer.builder("mosaic.search")
        .description("Searches, similar documents and counts of facets, by how they ended")
        .tag("outcome", outcome)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  SearchResponse measure(Supplier<SearchResponse> search) {
    long start = System.nanoTime();
    var ended = failed;
    try {
      var response = search.get();
      ended =
          Boolean.TRUE.equals(response.stale()) ? stale : response.coverage().full() ? ok : partial;
      return response;
    } catch (MosaicException e) {
      ended =
          switch (e.code().category()) {
            case USER -> refused;
            case UNAVAILABLE, RESOURCES, INTERNAL -> failed;
          };
      throw e;
    } finally {
      ended.record(Duration.ofNanos(System.nanoTime() - start));
    }
  }
}
