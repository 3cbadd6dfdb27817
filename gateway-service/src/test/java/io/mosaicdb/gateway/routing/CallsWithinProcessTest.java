package io.mosaicdb.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.web.servlet.function.RequestPredicates.all;

import io.mosaicdb.gateway.GatewayApplication;
import io.mosaicdb.starter.client.LocalServices;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.MapPropertySource;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/** A gateway and what stands for the coordinator, in one process. */
class CallsWithinProcessTest {
  private static final String SECRET = "a-secret-of-enough-letters";
  private static final String KEY = "a-key-of-enough-letters";
  private static final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static ConfigurableApplicationContext coordinator;
  private static ConfigurableApplicationContext gateway;

  /** Says how a request came. Not a component, so that the gateway does not find it. */
  @EnableAutoConfiguration
  static class Coordinator {
    @Bean
    RouterFunction<ServerResponse> routes() {
      return RouterFunctions.route(
          all(),
          request ->
              ServerResponse.ok()
                  .header("Server-Timing", "total;dur=1")
                  .body(
                      "%s %s %s %s"
                          .formatted(
                              request.servletRequest().getDispatcherType(),
                              request.headers().header("Authorization"),
                              request.headers().header("X-Mosaic-Service-Secret"),
                              request.body(String.class))));
    }
  }

  @BeforeAll
  static void start() {
    coordinator =
        new SpringApplicationBuilder(Coordinator.class)
            .properties("mosaic.internal.secret=" + SECRET, "mosaic.internal.scope=everything")
            .initializers(starting -> put(starting, Map.of("server.port", 0)))
            .run();
    gateway = gateway();
  }

  @AfterAll
  static void stop() {
    gateway.close();
    coordinator.close();
    http.close();
  }

  private static void put(ConfigurableApplicationContext context, Map<String, Object> properties) {
    context
        .getEnvironment()
        .getPropertySources()
        .addFirst(new MapPropertySource("test", properties));
  }

  private static URI address(ConfigurableApplicationContext context) {
    return URI.create(
        "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port"));
  }

  private static ConfigurableApplicationContext gateway(String... arguments) {
    var local = new LocalServices();
    local.add(address(coordinator), coordinator);
    return GatewayApplication.app()
        .initializers(starting -> {
          put(
              starting,
              Map.of(
                  "server.port",
                  0,
                  "mosaic.internal.secret",
                  SECRET,
                  "mosaic.gateway.routing.max-request-size",
                  "64KB",
                  "mosaic.gateway.security.api-keys[0]",
                  KEY,
                  "mosaic.discovery.static.coordinator-service[0]",
                  address(coordinator).toString()));
          starting.getBeanFactory().registerSingleton("localServices", local);
        })
        .run(arguments);
  }

  private static HttpResponse<String> post(
      ConfigurableApplicationContext to, String path, String body, String... headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(address(to).resolve(path))
            .header("Content-Type", "text/plain")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/namespaces/docs/search",
        "/v1/namespaces/docs/search?q=%C3%A9",
        "/v1/namespaces/docs/similar",
        "/v1/namespaces/docs/documents",
        "/v1/namespaces/docs/bulk",
        "/v1/multi-search",
        "/api/search"
      })
  void forwardsSearchesAndWrites(String path) throws Exception {
    var response =
        post(
            gateway,
            path,
            "{}",
            "Authorization",
            "Bearer " + KEY,
            "X-Mosaic-Service-Secret",
            "forged",
            "X-Request-Id",
            "req-1");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("FORWARD [] [" + SECRET + "] {}");
    assertThat(response.headers().allValues("X-Request-Id")).containsExactly("req-1");
    assertThat(response.headers().firstValue("Server-Timing")).contains("total;dur=1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/namespaces/docs/documents/a",
        "/v1/namespaces/docs/export",
        "/v1/namespaces/do%63s/search",
        "/v1/namespaces/docs/search/more"
      })
  void leavesTheRestToTheRoutes(String path) throws Exception {
    var response = post(gateway, path, "{}", "Authorization", "Bearer " + KEY);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("REQUEST [] [" + SECRET + "] {}");
  }

  @Test
  void forwardsNothingThatHasNoKeyOrIsTooLarge() throws Exception {
    assertThat(post(gateway, "/v1/namespaces/docs/search", "{}").statusCode()).isEqualTo(401);
    assertThat(
            post(
                    gateway,
                    "/v1/namespaces/docs/search",
                    "x".repeat(70_000),
                    "Authorization",
                    "Bearer " + KEY)
                .statusCode())
        .isEqualTo(413);
  }

  @Test
  void goesOverHttpWhereThatIsAsked() throws Exception {
    try (var other = gateway("--mosaic.client.direct-calls=false")) {
      var response =
          post(other, "/v1/namespaces/docs/search", "{}", "Authorization", "Bearer " + KEY);

      assertThat(response.body()).startsWith("REQUEST ");
    }
  }
}
