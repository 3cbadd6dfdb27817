package io.mosaicdb.starter.metrics;

import io.micrometer.core.instrument.config.MeterFilter;
import io.mosaicdb.starter.client.LocalServices;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Labels every metric with its service, and gathers those of the process. */
@AutoConfiguration
class MetricsAutoConfiguration {
  @Bean
  static MeterFilter serviceLabel(Environment environment) {
    return new ServiceLabel(environment.getProperty("spring.application.name", "unnamed"));
  }

  /** Without a registry of its own, where metrics are switched off, that of the others. */
  @Bean
  ProcessMetrics processMetrics(
      ObjectProvider<PrometheusRegistry> own, ObjectProvider<LocalServices> local) {
    return new ProcessMetrics(
        own.getIfAvailable(PrometheusRegistry::new),
        () -> {
          var services = local.getIfAvailable();
          return services == null ? List.of() : services.all(PrometheusRegistry.class);
        });
  }
}
