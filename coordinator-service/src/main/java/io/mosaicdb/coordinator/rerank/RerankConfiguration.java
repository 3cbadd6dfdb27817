package io.mosaicdb.coordinator.rerank;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.coordinator.guard.Guards;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RerankConfiguration {
  @Bean
  SecondPhaseReranker secondPhaseReranker(RerankProperties properties, Guards guards) {
    if (properties.url() == null) {
      return SecondPhaseReranker.of(properties, null);
    }
    var http =
        new HttpReranker(
            properties.url(),
            properties.spoken(),
            properties.model(),
            properties.apiKey(),
            properties.connectTimeout());
    return SecondPhaseReranker.of(
        properties,
        guards.around(Reranker.class, http, "the reranker", ErrorCode.RERANKER_UNAVAILABLE));
  }
}
