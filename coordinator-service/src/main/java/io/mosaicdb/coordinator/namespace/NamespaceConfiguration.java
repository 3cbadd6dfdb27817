package io.mosaicdb.coordinator.namespace;

import io.mosaicdb.coordinator.embedding.Embedder;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class NamespaceConfiguration {
  @Bean
  NamespaceCatalog namespaceCatalog(WorkerTopology topology, Embedder embedder) {
    return new NamespaceCatalog(topology, embedder);
  }

  @Bean
  RebuildTask rebuildTask(NamespaceCatalog catalog, WorkerTopology topology, JsonMapper mapper) {
    return new RebuildTask(catalog, topology, mapper);
  }
}
