package io.mosaicdb.starter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProcessMetricsTest {
  private final PrometheusRegistry own = service("gateway", 1);
  private final PrometheusRegistry other = service("worker", 2);
  private final ProcessMetrics metrics = new ProcessMetrics(own, () -> List.of(own, other));

  @Test
  void aMetricOfSeveralServicesIsOneMetric() {
    assertThat(exposed(null))
        .isEqualTo(
            """
            # HELP calls_total Calls
            # TYPE calls_total counter
            calls_total{service="gateway"} 1.0
            calls_total{service="worker"} 2.0
            # HELP gateway_only What only one has
            # TYPE gateway_only gauge
            gateway_only 7.0
            # HELP jvm_threads Threads
            # TYPE jvm_threads gauge
            jvm_threads 1.0
            # HELP worker_only What only one has
            # TYPE worker_only gauge
            worker_only 7.0
            """);
  }

  @Test
  void speaksOpenMetricsToWhoAsksForIt() {
    assertThat(metrics.expose("application/openmetrics-text;version=1.0.0,text/plain;q=0.5"))
        .satisfies(given -> assertThat(given.contentType()).contains("openmetrics"));
    assertThat(exposed("application/openmetrics-text")).endsWith("# EOF\n");
    assertThat(metrics.expose("text/html, */*").contentType()).startsWith("text/plain");
  }

  private String exposed(@Nullable String accept) {
    return new String(metrics.expose(accept).body(), StandardCharsets.UTF_8);
  }

  private static PrometheusRegistry service(String name, int value) {
    var registry = new PrometheusRegistry();
    registry.register(() ->
        CounterSnapshot.builder()
            .name("calls")
            .help("Calls")
            .dataPoint(
                CounterDataPointSnapshot.builder()
                    .labels(Labels.of("service", name))
                    .value(value)
                    .build())
            .build());
    registry.register(() -> gauge("jvm_threads", "Threads", value));
    registry.register(() -> gauge(name + "_only", "What only one has", 7));
    return registry;
  }

  private static GaugeSnapshot gauge(String name, String help, double value) {
    return GaugeSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
        .build();
  }
}
