package io.mosaicdb.starter.health;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Every service answers the internal health call, with or without sources of its own. */
@AutoConfiguration
class HealthAutoConfiguration {
  @Bean
  HealthController internalHealth(ObjectProvider<HealthSource> sources) {
    return new HealthController(sources.orderedStream().toList());
  }
}
