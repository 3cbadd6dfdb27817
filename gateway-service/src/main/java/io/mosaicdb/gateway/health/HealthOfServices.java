package io.mosaicdb.gateway.health;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.health.ComponentHealth;
import io.mosaicdb.contract.health.HealthApi;
import io.mosaicdb.contract.health.HealthReport;
import io.mosaicdb.contract.health.HealthStatus;
import io.mosaicdb.starter.client.ServiceClients;
import io.mosaicdb.starter.discovery.ServiceDirectory;
import io.mosaicdb.starter.request.RequestId;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Asks every known instance of every service, all at once, and adds up the answers. Without the
 * coordinator or any worker nothing can be answered, so the whole is down; whatever else is down
 * degrades it.
 */
@Component
final class HealthOfServices {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private enum Need {
    REQUIRED,
    REQUIRED_WHERE_KNOWN,
    OPTIONAL
  }

  private record Service(String name, String component, Need need) {}

  private static final List<Service> SERVICES =
      List.of(
          new Service("coordinator-service", "router", Need.REQUIRED),
          new Service("shard-worker-service", "workers", Need.REQUIRED_WHERE_KNOWN),
          new Service("embedding-service", "embedder", Need.OPTIONAL),
          new Service("crawler-service", "crawler", Need.OPTIONAL),
          new Service("pagerank-service", "pagerank", Need.OPTIONAL));

  private final ServiceDirectory directory;
  private final ServiceClients clients;
  private final Map<URI, HealthApi> apis = new ConcurrentHashMap<>();

  HealthOfServices(ServiceDirectory directory, ServiceClients clients) {
    this.directory = directory;
    this.clients = clients;
  }

  PublicHealth ask() {
    var asked = new LinkedHashMap<Service, List<Future<HealthReport>>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var service : SERVICES) {
        var answers = new ArrayList<Future<HealthReport>>();
        for (var instance : directory.instances(service.name())) {
          Callable<HealthReport> call = () -> report(instance.uri());
          answers.add(threads.submit(RequestId.carry(call)));
        }
        asked.put(service, answers);
      }
    }
    var components = new TreeMap<String, ComponentHealth>();
    var status = HealthStatus.OK;
    for (var entry : asked.entrySet()) {
      var service = entry.getKey();
      if (!entry.getValue().isEmpty() || service.need() == Need.REQUIRED) {
        var own = new TreeMap<String, ComponentHealth>();
        status = status.worst(add(service, entry.getValue(), own));
        // What the coordinator says of others is a round old; their own word, if they have one, is
        // of now.
        components.putAll(own);
      }
    }
    components.put("memory", memory());
    return publish(status, components);
  }

  /** Adds the service's components; returns what it means for the whole. */
  private static HealthStatus add(
      Service service,
      List<Future<HealthReport>> answers,
      Map<String, ComponentHealth> components) {
    int up = 0;
    var own = HealthStatus.OK;
    @Nullable String reason = answers.isEmpty() ? "no instance is known" : null;
    for (var answer : answers) {
      try {
        var report = answer.get();
        up++;
        own = own.worst(report.status());
        report
            .components()
            .forEach((name, health) -> components.merge(name, health, HealthOfServices::worse));
      } catch (ExecutionException e) {
        reason =
            e.getCause() instanceof MosaicException failure
                ? failure.detail()
                : String.valueOf(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        reason = "interrupted";
      }
    }
    if (up < answers.size() || up == 0) {
      own = up == 0 ? HealthStatus.DOWN : own.worst(HealthStatus.DEGRADED);
    }
    var counted = Map.<String, Object>of("instances", answers.size(), "up", up);
    components.putIfAbsent(service.component(), new ComponentHealth(own, reason, counted));
    return own == HealthStatus.DOWN && service.need() == Need.OPTIONAL
        ? HealthStatus.DEGRADED
        : own;
  }

  private static ComponentHealth worse(ComponentHealth a, ComponentHealth b) {
    return a.status().compareTo(b.status()) >= 0 ? a : b;
  }

  private static ComponentHealth memory() {
    var runtime = Runtime.getRuntime();
    long used = runtime.totalMemory() - runtime.freeMemory();
    return ComponentHealth.ok(
        Map.of("heap_used_bytes", used, "heap_max_bytes", runtime.maxMemory()));
  }

  private static PublicHealth publish(
      HealthStatus status, Map<String, ComponentHealth> components) {
    var shown = new TreeMap<String, Map<String, Object>>();
    components.forEach((name, health) -> {
      var part = new LinkedHashMap<String, Object>();
      part.put("status", health.status());
      if (health.detail() != null) {
        part.put("detail", health.detail());
      }
      part.putAll(new TreeMap<>(health.values()));
      shown.put(name, part);
    });
    return new PublicHealth(
        status,
        shown,
        valuesOf(components.get("log")),
        valuesOf(components.get("cache")),
        segmentsOf(components));
  }

  private static @Nullable Map<String, Object> valuesOf(@Nullable ComponentHealth component) {
    return component == null ? null : component.values();
  }

  private static @Nullable Object segmentsOf(Map<String, ComponentHealth> components) {
    for (var component : components.values()) {
      if (component.values().containsKey("segments")) {
        return component.values().get("segments");
      }
    }
    return null;
  }

  private HealthReport report(URI uri) {
    var report = api(uri).health();
    if (report == null) {
      throw new MosaicException(
          ErrorCode.SERVICE_UNAVAILABLE, uri.getAuthority() + " answered without a report");
    }
    return report;
  }

  private HealthApi api(URI uri) {
    return apis.computeIfAbsent(
        uri,
        address ->
            clients
                .client(HealthApi.class, ErrorCode.SERVICE_UNAVAILABLE)
                .readTimeout(PATIENCE)
                .at(address));
  }
}
