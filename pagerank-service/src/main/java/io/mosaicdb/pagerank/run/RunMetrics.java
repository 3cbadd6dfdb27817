package io.mosaicdb.pagerank.run;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts runs, and says how long their phases took and how large the last graph was. */
final class RunMetrics {
  private final MeterRegistry registry;
  private final AtomicInteger running = new AtomicInteger();
  private volatile double nodes;
  private volatile double edges;

  RunMetrics(MeterRegistry registry) {
    this.registry = registry;
    registry.gauge("mosaic.pagerank.running", running);
    registry.gauge("mosaic.pagerank.nodes", this, metrics -> metrics.nodes);
    registry.gauge("mosaic.pagerank.edges", this, metrics -> metrics.edges);
  }

  void begun() {
    running.incrementAndGet();
  }

  void ended(RunState state) {
    running.decrementAndGet();
    registry.counter("mosaic.pagerank.runs", "state", state.wireName()).increment();
  }

  void succeeded(Report report) {
    nodes = report.nodes();
    edges = report.edges();
    registry.summary("mosaic.pagerank.iterations").record(report.iterations());
    report
        .phasesMs()
        .forEach((phase, milliseconds) ->
            registry
                .timer("mosaic.pagerank.phase", "phase", phase)
                .record(Duration.ofNanos((long) (milliseconds * 1e6))));
  }
}
