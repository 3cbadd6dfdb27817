package io.mosaicdb.coordinator.embedding;

import io.mosaicdb.contract.embedding.EmbeddingApi;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.coordinator.fanout.FanOut;
import io.mosaicdb.coordinator.guard.Guards;
import io.mosaicdb.starter.client.ServiceClients;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class EmbedderConfiguration {
  private static final String SERVICE = "embedding-service";

  @Bean
  Embedder embedder(
      ServiceClients clients, Guards guards, FanOut fanOut, EmbedderProperties properties) {
    var client =
        clients
            .client(EmbeddingApi.class, ErrorCode.EMBEDDER_UNAVAILABLE)
            .readTimeout(properties.readTimeout())
            .directlyWhereLocal()
            .balanced(SERVICE);
    var guarded =
        guards.around(EmbeddingApi.class, client, SERVICE, ErrorCode.EMBEDDER_UNAVAILABLE);
    return new Embedder(guarded, fanOut, properties);
  }
}
