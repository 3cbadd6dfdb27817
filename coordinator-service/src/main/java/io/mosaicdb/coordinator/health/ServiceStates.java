package io.mosaicdb.coordinator.health;

import io.mosaicdb.contract.health.ComponentHealth;
import io.mosaicdb.contract.health.HealthApi;
import io.mosaicdb.contract.health.HealthReport;
import io.mosaicdb.contract.health.HealthStatus;
import io.mosaicdb.starter.health.HealthSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The coordinator's view of what it depends on, as of the last {@link #refresh}: asked for it
 * answers at once. The parts of the workers and the embedder appear under their own names.
 */
final class ServiceStates implements HealthSource {
  private final Supplier<Map<String, HealthApi>> workers;
  private final Supplier<Map<String, HealthApi>> embedders;
  private volatile Map<String, ComponentHealth> known;

  /**
   * @param workers how to ask each worker, by its id
   * @param embedders how to ask each embedding service, by its id
   */
  ServiceStates(
      Supplier<Map<String, HealthApi>> workers, Supplier<Map<String, HealthApi>> embedders) {
    this.workers = workers;
    this.embedders = embedders;
    this.known =
        Map.of(
            "router", ComponentHealth.ok(),
            "workers", ComponentHealth.down("not asked yet"),
            "embedder", ComponentHealth.down("not asked yet"));
  }

  @Override
  public Map<String, ComponentHealth> components() {
    return known;
  }

  /** Asks everybody. Waits as long as the slowest is waited for. */
  void refresh() {
    var components = new TreeMap<String, ComponentHealth>();
    ask("workers", workers.get(), components, HealthStatus.DOWN);
    // Words are searched without it.
    ask("embedder", embedders.get(), components, HealthStatus.DEGRADED);
    components.put("router", ComponentHealth.ok());
    known = Map.copyOf(components);
  }

  private static void ask(
      String name,
      Map<String, HealthApi> instances,
      Map<String, ComponentHealth> components,
      HealthStatus whenAllAreAway) {
    int answering = 0;
    var silent = new LinkedHashMap<String, String>();
    for (var instance : instances.entrySet()) {
      try {
        HealthReport report = instance.getValue().health();
        answering++;
        report
            .components()
            .forEach((part, state) ->
                components.merge(part, atMost(whenAllAreAway, state), ServiceStates::worse));
      } catch (RuntimeException e) {
        silent.put(instance.getKey(), String.valueOf(e.getMessage()));
      }
    }
    Map<String, Object> values = Map.of("known", instances.size(), "answering", answering);
    ComponentHealth own;
    if (answering == 0) {
      var detail = instances.isEmpty() ? "none is known" : silent.toString();
      own = new ComponentHealth(whenAllAreAway, detail, values);
    } else if (!silent.isEmpty()) {
      own = new ComponentHealth(HealthStatus.DEGRADED, silent.toString(), values);
    } else {
      own = ComponentHealth.ok(values);
    }
    components.merge(name, own, ServiceStates::worse);
  }

  /** What a service says is down is no worse for us than the service being away. */
  private static ComponentHealth atMost(HealthStatus limit, ComponentHealth state) {
    return state.status().compareTo(limit) <= 0
        ? state
        : new ComponentHealth(limit, state.detail(), state.values());
  }

  /** Of two reports on a part the worse one stands, with what both tell. */
  private static ComponentHealth worse(ComponentHealth one, ComponentHealth other) {
    var worst = one.status().compareTo(other.status()) >= 0 ? one : other;
    var values = new TreeMap<>(other.values());
    values.putAll(one.values());
    return new ComponentHealth(worst.status(), worst.detail(), values);
  }
}
