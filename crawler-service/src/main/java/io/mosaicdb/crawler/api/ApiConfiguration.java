package io.mosaicdb.crawler.api;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ApiConfiguration {
  @Bean
  EventStreams eventStreams() {
    return new EventStreams();
  }
}
