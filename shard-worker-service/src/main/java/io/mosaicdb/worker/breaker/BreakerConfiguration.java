package io.mosaicdb.worker.breaker;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class BreakerConfiguration {
  @Bean
  ShardBreakers shardBreakers(BreakerProperties properties, MeterRegistry registry) {
    var breakers = new ShardBreakers(properties, Clock.systemUTC(), registry);
    Gauge.builder("mosaic.shard.breaker.open", breakers, all -> all.open().size())
        .description("shards that searches leave alone because they failed again and again")
        .register(registry);
    return breakers;
  }
}
