package io.mosaicdb.contract.health;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of one part of a service.
 *
 * @param detail a sentence for the operator when the state is not ok
 * @param values numbers and names worth showing, lower_snake_case
 */
public record ComponentHealth(
    HealthStatus status, @Nullable String detail, Map<String, Object> values) {
  public ComponentHealth {
    values = values == null ? Map.of() : Map.copyOf(values);
  }

  public static ComponentHealth ok() {
    return new ComponentHealth(HealthStatus.OK, null, Map.of());
  }

  public static ComponentHealth ok(Map<String, Object> values) {
    return new ComponentHealth(HealthStatus.OK, null, values);
  }

  public static ComponentHealth degraded(String detail) {
    return new ComponentHealth(HealthStatus.DEGRADED, detail, Map.of());
  }

  public static ComponentHealth down(String detail) {
    return new ComponentHealth(HealthStatus.DOWN, detail, Map.of());
  }
}
