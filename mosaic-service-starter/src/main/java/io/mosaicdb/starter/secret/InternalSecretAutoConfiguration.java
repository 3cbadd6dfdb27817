package io.mosaicdb.starter.secret;

import io.mosaicdb.starter.problem.ProblemWriter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/** Guards the internal addresses, right after the request has its id. */
@AutoConfiguration(afterName = "io.mosaicdb.starter.problem.ProblemAutoConfiguration")
@EnableConfigurationProperties(InternalProperties.class)
class InternalSecretAutoConfiguration {
  @Bean
  FilterRegistrationBean<InternalSecretFilter> internalSecretFilter(
      InternalProperties properties, ProblemWriter problems) {
    var registration = new FilterRegistrationBean<>(new InternalSecretFilter(properties, problems));
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 10);
    registration.setAsyncSupported(true);
    return registration;
  }
}
