package io.mosaicdb.starter.discovery;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** The static list, unless a service brings a directory of its own. */
@AutoConfiguration
@EnableConfigurationProperties(DiscoveryProperties.class)
class DiscoveryAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  ServiceDirectory serviceDirectory(DiscoveryProperties properties) {
    return new StaticServiceDirectory(properties.instances());
  }
}
