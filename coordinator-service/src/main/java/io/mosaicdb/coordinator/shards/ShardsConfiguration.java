package io.mosaicdb.coordinator.shards;

import io.mosaicdb.coordinator.namespace.NamespaceCatalog;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class ShardsConfiguration {
  @Bean
  StoredParts storedParts(NamespaceCatalog catalog, WorkerTopology topology) {
    return new StoredParts(catalog, topology);
  }

  @Bean
  CompactTask compactTask(NamespaceCatalog catalog, WorkerTopology topology, JsonMapper mapper) {
    return new CompactTask(catalog, topology, mapper);
  }
}
