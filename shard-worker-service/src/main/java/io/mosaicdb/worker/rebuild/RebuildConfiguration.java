package io.mosaicdb.worker.rebuild;

import io.mosaicdb.contract.embedding.EmbeddingApi;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.starter.client.ServiceClients;
import io.mosaicdb.worker.namespace.DiskThreads;
import io.mosaicdb.worker.namespace.Namespaces;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RebuildConfiguration {
  private static final String EMBEDDING = "embedding-service";

  /** One thread: one namespace after the other, which bounds what rebuilds take. */
  @Bean
  DiskThreads rebuildThread() {
    return new DiskThreads("rebuild", 1, 64);
  }

  @Bean
  RebuildJob rebuildJob(
      Namespaces namespaces,
      ServiceClients clients,
      RebuildProperties properties,
      DiskThreads rebuildThread) {
    return new RebuildJob(
        namespaces,
        () ->
            clients
                .client(EmbeddingApi.class, ErrorCode.EMBEDDER_UNAVAILABLE)
                .readTimeout(properties.callTimeout())
                .directlyWhereLocal()
                .balanced(EMBEDDING),
        properties,
        rebuildThread);
  }
}
