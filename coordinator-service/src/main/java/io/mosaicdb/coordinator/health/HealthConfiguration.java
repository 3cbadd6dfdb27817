package io.mosaicdb.coordinator.health;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.health.HealthApi;
import io.mosaicdb.starter.client.ServiceClients;
import io.mosaicdb.starter.discovery.ServiceDirectory;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class HealthConfiguration {
  @Bean
  ServiceStates serviceStates(
      ServiceDirectory directory, ServiceClients clients, HealthProperties properties) {
    return new ServiceStates(
        instances("shard-worker-service", directory, clients, properties.timeout()),
        instances("embedding-service", directory, clients, properties.timeout()));
  }

  @Bean
  HealthRounds healthRounds(ServiceStates states, HealthProperties properties) {
    return new HealthRounds(states, properties.interval());
  }

  private static Supplier<Map<String, HealthApi>> instances(
      String service, ServiceDirectory directory, ServiceClients clients, Duration timeout) {
    var made = new ConcurrentHashMap<URI, HealthApi>();
    return () -> {
      var apis = new TreeMap<String, HealthApi>();
      for (var instance : directory.instances(service)) {
        apis.put(
            instance.id(),
            made.computeIfAbsent(
                instance.uri(),
                uri ->
                    clients
                        .client(HealthApi.class, ErrorCode.SERVICE_UNAVAILABLE)
                        .readTimeout(timeout)
                        .at(uri)));
      }
      return apis;
    };
  }
}
