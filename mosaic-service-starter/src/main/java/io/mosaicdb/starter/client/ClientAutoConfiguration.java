package io.mosaicdb.starter.client;

import io.mosaicdb.starter.discovery.ServiceDirectory;
import io.mosaicdb.starter.secret.InternalProperties;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** One connection pool a service, and the clients that use it. */
@AutoConfiguration(
    after = JacksonAutoConfiguration.class,
    afterName = {
      "io.mosaicdb.starter.discovery.DiscoveryAutoConfiguration",
      "io.mosaicdb.starter.secret.InternalSecretAutoConfiguration"
    })
@EnableConfigurationProperties({ClientProperties.class, InternalProperties.class})
class ClientAutoConfiguration {
  // Below the servers' keep-alive of 75 s, so that a pooled connection is not closed under a call.
  private static final TimeValue IDLE = TimeValue.ofSeconds(50);

  @Bean(destroyMethod = "close")
  CloseableHttpClient serviceHttpClient(ClientProperties properties) {
    var connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setMaxConnPerRoute(properties.connectionsPerInstance())
            .setMaxConnTotal(properties.connections())
            .setDefaultSocketConfig(SocketConfig.custom().setTcpNoDelay(true).build())
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(
                        Timeout.of(properties.connectTimeout().toMillis(), TimeUnit.MILLISECONDS))
                    .setValidateAfterInactivity(TimeValue.ofSeconds(2))
                    .build())
            .build();
    return HttpClients.custom()
        .setConnectionManager(connections)
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setConnectionRequestTimeout(
                    Timeout.of(properties.poolTimeout().toMillis(), TimeUnit.MILLISECONDS))
                .setResponseTimeout(
                    Timeout.of(properties.readTimeout().toMillis(), TimeUnit.MILLISECONDS))
                .build())
        .evictIdleConnections(IDLE)
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableContentCompression()
        .build();
  }

  @Bean
  ServiceClients serviceClients(
      CloseableHttpClient serviceHttpClient,
      ClientProperties properties,
      InternalProperties internal,
      JsonMapper mapper,
      ServiceDirectory directory,
      ObjectProvider<LocalServices> local) {
    var lenient =
        mapper.rebuild().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
    return new ServiceClients(
        serviceHttpClient,
        properties.readTimeout(),
        lenient,
        internal.secret(),
        directory,
        properties.directCalls() ? local.getIfAvailable(LocalServices::new) : new LocalServices());
  }
}
