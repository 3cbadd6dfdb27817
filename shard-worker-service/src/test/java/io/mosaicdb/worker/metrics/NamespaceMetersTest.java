package io.mosaicdb.worker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NamespaceMetersTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final NamespaceMeters meters = new NamespaceMeters(registry);

  @Test
  void countsByNamespace() {
    meters.wrote("films", 3, 1);
    meters.wrote("films", 2, 0);
    meters.wrote("books", 1, 0);
    meters.searched("films", 4);

    assertThat(count("mosaic.upserts", "films")).isEqualTo(5);
    assertThat(count("mosaic.deletes", "films")).isEqualTo(1);
    assertThat(count("mosaic.upserts", "books")).isEqualTo(1);
    assertThat(count("mosaic.shard.queries", "films")).isEqualTo(4);
  }

  @Test
  void manyNamespacesShareALabelAndNothingIsLost() {
    for (int i = 0; i < 3 * NamespaceMeters.LABELS; i++) {
      meters.wrote("n" + i, 1, 0);
      meters.wrote("n" + i, 1, 0);
    }

    var counters = registry.get("mosaic.upserts").counters();
    assertThat(counters).hasSize(NamespaceMeters.LABELS + 1);
    assertThat(counters.stream().mapToDouble(Counter::count).sum())
        .isEqualTo(6.0 * NamespaceMeters.LABELS);
    assertThat(count("mosaic.upserts", NamespaceMeters.OTHER))
        .isEqualTo(4.0 * NamespaceMeters.LABELS);
  }

  @Test
  void forgetsANamespaceThatIsGone() {
    meters.wrote("films", 1, 0);

    meters.forgetOthers(Set.of());
    meters.follow(List.of());

    assertThat(registry.find("mosaic.upserts").counters()).isEmpty();
    assertThat(registry.find("mosaic.segments").gauges()).isEmpty();
  }

  private double count(String name, String namespace) {
    return registry.get(name).tag("namespace", namespace).counter().count();
  }
}
