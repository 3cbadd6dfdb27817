package io.mosaicdb.gateway.access;

import io.mosaicdb.starter.problem.ProblemWriter;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SecurityProperties.class)
class AccessConfiguration {
  @Bean
  FilterRegistrationBean<ApiKeyFilter> apiKeyFilter(
      SecurityProperties properties,
      ProblemWriter problems,
      @Value("${server.address:#{null}}") @Nullable InetAddress address) {
    var local = address != null && address.isLoopbackAddress();
    if (!local && properties.apiKeys().isEmpty() && !properties.allowAnonymous()) {
      throw new OpenToTheNetworkException(
          address == null ? "every address" : address.getHostAddress());
    }
    var registration =
        new FilterRegistrationBean<>(new ApiKeyFilter(properties.apiKeys(), problems));
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 20);
    registration.setAsyncSupported(true);
    return registration;
  }
}
