package io.mosaicdb.starter.health;

import io.mosaicdb.contract.health.ComponentHealth;
import io.mosaicdb.contract.health.HealthApi;
import io.mosaicdb.contract.health.HealthReport;
import java.util.List;
import java.util.TreeMap;
import org.springframework.web.bind.annotation.RestController;

/** Answers the internal health call from the service's sources. */
@RestController
final class HealthController implements HealthApi {
  private final List<HealthSource> sources;

  HealthController(List<HealthSource> sources) {
    this.sources = List.copyOf(sources);
  }

  @Override
  public HealthReport health() {
    var components = new TreeMap<String, ComponentHealth>();
    for (var source : sources) {
      components.putAll(source.components());
    }
    return HealthReport.of(components);
  }
}
