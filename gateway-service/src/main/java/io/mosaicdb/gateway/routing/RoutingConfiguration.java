package io.mosaicdb.gateway.routing;

import static org.springframework.cloud.gateway.server.mvc.handler.HandlerFunctions.http;
import static org.springframework.web.servlet.function.RequestPredicates.path;
import static org.springframework.web.servlet.function.RouterFunctions.route;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mosaicdb.starter.client.ServiceClients;
import io.mosaicdb.starter.discovery.ServiceDirectory;
import io.mosaicdb.starter.problem.ProblemWriter;
import io.mosaicdb.starter.secret.InternalProperties;
import jakarta.servlet.DispatcherType;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.cloud.gateway.server.mvc.config.GatewayMvcProperties;
import org.springframework.cloud.gateway.server.mvc.handler.ProxyExchange;
import org.springframework.cloud.gateway.server.mvc.handler.RestClientProxyExchange;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.Ordered;
import org.springframework.web.client.RestClient;
import org.springframework.web.servlet.function.RequestPredicate;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RoutingProperties.class)
class RoutingConfiguration {
  @Bean
  RouterFunction<ServerResponse> routes(ServiceDirectory directory) {
    var breakers = CircuitBreakerRegistry.of(Upstream.BREAKING);
    return to("crawler-service", under("/v1/crawls"), directory, breakers)
        .and(to("pagerank-service", under("/v1/pagerank"), directory, breakers))
        .and(
            to(
                CallsWithinProcess.COORDINATOR,
                path("/v1/**").or(path("/api/**")),
                directory,
                breakers));
  }

  /** Proxies over the service's own connection pool instead of one of its own. */
  @Bean
  @Primary
  ProxyExchange pooledProxyExchange(
      ServiceClients clients, RoutingProperties properties, GatewayMvcProperties gateway) {
    var ordinary = exchange(clients, properties.answerTimeout(), gateway);
    var bulk = exchange(clients, properties.bulkAnswerTimeout(), gateway);
    return request ->
        (RequestLimits.isBulk(request.getServerRequest().path()) ? bulk : ordinary)
            .exchange(request);
  }

  private static ProxyExchange exchange(
      ServiceClients clients, Duration timeout, GatewayMvcProperties gateway) {
    var rest = RestClient.builder().requestFactory(clients.requestFactory(timeout)).build();
    return new RestClientProxyExchange(rest, gateway);
  }

  @Bean
  ForwardedHeaders.Request forwardedRequestHeaders(InternalProperties internal) {
    return new ForwardedHeaders.Request(internal.secret());
  }

  @Bean
  ForwardedHeaders.Response forwardedResponseHeaders() {
    return new ForwardedHeaders.Response();
  }

  @Bean
  FilterRegistrationBean<RequestLimits> requestLimits(
      RoutingProperties properties, ProblemWriter problems) {
    var registration = new FilterRegistrationBean<>(new RequestLimits(properties, problems));
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 30);
    registration.setAsyncSupported(true);
    return registration;
  }

  /** After every other filter: it stands where the routes would take over. */
  @Bean
  FilterRegistrationBean<CallsWithinProcess> callsWithinProcess(
      ServiceDirectory directory, ServiceClients clients, InternalProperties internal) {
    var registration =
        new FilterRegistrationBean<>(new CallsWithinProcess(directory, clients, internal.secret()));
    registration.setOrder(Ordered.LOWEST_PRECEDENCE);
    registration.setDispatcherTypes(DispatcherType.REQUEST);
    return registration;
  }

  private static RouterFunction<ServerResponse> to(
      String service,
      RequestPredicate addresses,
      ServiceDirectory directory,
      CircuitBreakerRegistry breakers) {
    return route()
        .route(addresses, http())
        .filter(new Upstream(service, directory, breakers))
        .build();
  }

  private static RequestPredicate under(String path) {
    return path(path).or(path(path + "/**"));
  }
}
