package io.mosaicdb.starter.health;

import io.mosaicdb.contract.health.ComponentHealth;
import java.util.Map;

/** Knows the state of some parts of a service. Asked about once a second: answers at once. */
@FunctionalInterface
public interface HealthSource {
  /** The states by component name, lower_snake_case and unique in the product. */
  Map<String, ComponentHealth> components();
}
