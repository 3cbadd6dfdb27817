package io.mosaicdb.coordinator.worker;

import io.mosaicdb.coordinator.fanout.FanOut;
import io.mosaicdb.coordinator.guard.Guards;
import io.mosaicdb.starter.client.ServiceClients;
import io.mosaicdb.starter.discovery.ServiceDirectory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class WorkerConfiguration {
  @Bean
  FanOut fanOut() {
    return new FanOut();
  }

  @Bean
  WorkerTopology workerTopology(
      ServiceDirectory directory,
      ServiceClients clients,
      Guards guards,
      WorkerProperties properties) {
    return new WorkerTopology(
        new DiscoveredWorkers(directory, clients, guards, properties.readTimeout()));
  }
}
