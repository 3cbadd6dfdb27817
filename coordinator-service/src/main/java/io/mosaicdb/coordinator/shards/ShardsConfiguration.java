package io.mosaicdb.coordinator.shards;

import io.mosaicdb.coordinator.namespace.NamespaceCatalog;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ShardsConfiguration {
  @Bean
  StoredParts storedParts(NamespaceCatalog catalog, WorkerTopology topology) {
    return new StoredParts(catalog, topology);
  }
}
