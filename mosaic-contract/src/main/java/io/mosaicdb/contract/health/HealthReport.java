package io.mosaicdb.contract.health;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a service says about itself.
 *
 * @param status the worst of its components
 * @param components by name; the gateway's public answer joins the components of all services
 */
public record HealthReport(HealthStatus status, Map<String, ComponentHealth> components) {
  public HealthReport {
    components = components == null ? Map.of() : Map.copyOf(components);
  }

  /** A report whose status follows from its components. */
  public static HealthReport of(Map<String, ComponentHealth> components) {
    var status = HealthStatus.OK;
    for (var component : components.values()) {
      status = status.worst(component.status());
    }
    return new HealthReport(status, new TreeMap<>(components));
  }
}
