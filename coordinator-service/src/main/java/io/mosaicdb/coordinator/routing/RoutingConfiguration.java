package io.mosaicdb.coordinator.routing;

import io.mosaicdb.coordinator.worker.WorkerTopology;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RoutingConfiguration {
  @Bean
  RoutingDatabase routingDatabase(RoutingProperties properties) {
    return new RoutingDatabase(properties.folder().resolve("routing.db"));
  }

  @Bean
  RoutingRounds routingRounds(
      RoutingDatabase database, WorkerTopology topology, RoutingProperties properties) {
    var mirror = new RoutingMirror(database, topology, InstantSource.system());
    return new RoutingRounds(mirror, properties.interval());
  }
}
