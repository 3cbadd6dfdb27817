package io.mosaicdb.pagerank.run;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
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
    Gauge.builder("mosaic.pagerank.running", running, AtomicInteger::get)
        .description("PageRank runs that go on")
        .register(registry);
    Gauge.builder("mosaic.pagerank.nodes", this, metrics -> metrics.nodes)
        .description("Nodes of the last graph")
        .register(registry);
    Gauge.builder("mosaic.pagerank.edges", this, metrics -> metrics.edges)
        .description("Edges of the last graph")
        .register(registry);
  }

  void begun() {
    running.incrementAndGet();
  }

  void ended(RunState state) {
    running.decrementAndGet();
    Counter.builder("mosaic.pagerank.runs")
        .description("PageRank runs that ended, by how")
        .tag("state", state.wireName())
        .register(registry)
        .increment();
  }

  void succeeded(Report report) {
    nodes = report.nodes();
    edges = report.edges();
    DistributionSummary.builder("mosaic.pagerank.iterations")
        .description("Iterations of a PageRank run")
        .register(registry)
        .record(report.iterations());
    report
        .phasesMs()
        .forEach((phase, milliseconds) ->
            Timer.builder("mosaic.pagerank.phase")
                .description("Phases of a PageRank run")
                .tag("phase", phase)
                .register(registry)
                .record(Duration.ofNanos((long) (milliseconds * 1e6))));
  }
}
