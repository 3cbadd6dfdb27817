package io.mosaicdb.worker.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.mosaicdb.worker.namespace.Namespaces;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class MetricsConfiguration {
  @Bean
  NamespaceMeters namespaceMeters(MeterRegistry registry) {
    return new NamespaceMeters(registry);
  }

  /** Namespaces come and go: they are looked at every second, their sizes when somebody asks. */
  @Bean
  SmartInitializingSingleton namespacesAreMeasured(
      NamespaceMeters meters, Namespaces namespaces, ScheduledExecutorService housekeeping) {
    return () -> {
      var _ =
          housekeeping.scheduleWithFixedDelay(
              () -> meters.follow(namespaces.all()), 0, 1, TimeUnit.SECONDS);
    };
  }
}
