package io.mosaicdb.coordinator.naming;

import io.mosaicdb.coordinator.worker.WorkerTopology;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class NamingConfiguration {
  @Bean
  AliasTable aliasTable(WorkerTopology topology) {
    return new AliasTable(topology);
  }

  @Bean
  AliasPathFilter aliasPathFilter(AliasTable aliases) {
    return new AliasPathFilter(aliases);
  }
}
