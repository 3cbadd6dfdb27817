package io.mosaicdb.embedding;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mosaicdb.contract.embedding.EmbedRequest;
import io.mosaicdb.contract.embedding.EmbeddingApi;
import io.mosaicdb.contract.embedding.PassageSource;
import io.mosaicdb.contract.embedding.PassagesRequest;
import io.mosaicdb.contract.embedding.TextKind;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.health.HealthApi;
import io.mosaicdb.contract.health.HealthStatus;
import io.mosaicdb.embedding.remote.RemoteBackendFixture;
import io.mosaicdb.embedding.remote.StubServer;
import io.mosaicdb.embedding.remote.StubServer.Answer;
import io.mosaicdb.starter.client.ServiceClients;
import io.mosaicdb.starter.secret.InternalSecret;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;

@Timeout(120)
class EmbeddingServiceApplicationTest {
  private static final String SECRET = "a-secret-of-the-tests";

  @Test
  void embedsWithItsOwnModelOverHttp() throws Exception {
    try (var service = start()) {
      EmbeddingApi api = client(service, EmbeddingApi.class);

      var embedder = api.embedder();
      assertThat(embedder.id()).isEqualTo("bge-small-en-v1.5-q");
      assertThat(embedder.backend()).isEqualTo("local");
      assertThat(embedder.maxTokens()).isEqualTo(512);
      assertThat(embedder.similarity()).isEqualTo("cosine");

      var question = new EmbedRequest(TextKind.QUERY, List.of("How do replicas stay in step?"));
      var first = api.embed(question);
      assertThat(first.embedder()).isEqualTo(embedder.identity());
      assertThat(first.vectors().getFirst().dimensions()).isEqualTo(384);
      assertThat(first.truncated()).isEmpty();
      assertThat(metric(service, "mosaic_embedding_cache_requests_total", "result=\"miss\""))
          .isEqualTo(1);
      assertThat(metric(service, "mosaic_embedding_cache_requests_total", "result=\"hit\""))
          .isZero();

      assertThat(api.embed(question)).isEqualTo(first);
      assertThat(metric(service, "mosaic_embedding_cache_requests_total", "result=\"miss\""))
          .isEqualTo(1);
      assertThat(metric(service, "mosaic_embedding_cache_requests_total", "result=\"hit\""))
          .isEqualTo(1);
      assertThat(metric(service, "mosaic_embedding_queue_depth", "kind=\"passage\"")).isZero();
      assertThat(metric(service, "mosaic_embedding_seconds_count", "outcome=\"success\""))
          .isGreaterThanOrEqualTo(1);

      String text = "A sentence about replicas. ".repeat(100);
      var passages =
          api.passages(new PassagesRequest(List.of(new PassageSource("Replicas", text))))
              .sources()
              .getFirst()
              .passages();
      assertThat(passages).hasSizeBetween(2, 5);
      assertThat(passages.getLast().end()).isEqualTo(text.strip().length());

      var health = client(service, HealthApi.class).health();
      assertThat(health.components()).containsKey("embedder");
      assertThat(health.status()).isEqualTo(HealthStatus.OK);
    }
  }

  @Test
  void saysWhatIsWrongWithARequest() throws Exception {
    try (var service = start()) {
      EmbeddingApi api = client(service, EmbeddingApi.class);

      assertThat(
              failure(() -> api.embed(new EmbedRequest(TextKind.QUERY, List.of("a", " ")))).code())
          .isEqualTo(ErrorCode.INVALID_VALUE);
      assertThat(
              failure(() ->
                      api.embed(new EmbedRequest(TextKind.PASSAGE, List.of("word ".repeat(600)))))
                  .detail())
          .contains("must have at most 510 tokens");
      assertThat(post(service, "{\"kind\": \"query\"}").statusCode()).isBetween(400, 422);
      assertThat(post(service, "{\"kind\": \"other\", \"texts\": []}").statusCode())
          .isBetween(400, 422);
      assertThat(post(service, "{").statusCode()).isEqualTo(400);
    }
  }

  @Test
  void switchesToAnotherBackendByConfigurationAlone() {
    try (var openAi =
            new StubServer(
                asked -> Answer.ok(RemoteBackendFixture.openAiAnswer(asked.body().path("input"))));
        var service =
            start(
                "--mosaic.embedding.backend=openai",
                "--mosaic.embedding.openai.base-url=" + openAi.base("/v1"),
                "--mosaic.embedding.openai.api-key=sk-1",
                "--mosaic.embedding.remote-model.id=text-embedding-test",
                "--mosaic.embedding.remote-model.dimensions=2",
                "--mosaic.embedding.remote.batch-timeout=50ms")) {
      EmbeddingApi api = client(service, EmbeddingApi.class);
      assertThat(api.embedder().identity().dimensions()).isEqualTo(2);
      List<String> texts = IntStream.range(0, 64).mapToObj(i -> "text " + i).toList();

      var response = api.embed(new EmbedRequest(TextKind.PASSAGE, texts));

      assertThat(response.vectors()).hasSize(64).doesNotHaveDuplicates();
      assertThat(openAi.asked())
          .filteredOn(asked -> asked.body().path("input").size() > 1)
          .hasSize(2)
          .allSatisfy(asked -> {
            assertThat(asked.authorization()).isEqualTo("Bearer sk-1");
            assertThat(asked.body().path("model").asString()).isEqualTo("text-embedding-test");
            assertThat(asked.body().path("input").size()).isEqualTo(32);
          });
    }
  }

  @Test
  void failsWithTheReasonWhenTheModelsServerDoes() {
    try (var broken = new StubServer(asked -> Answer.status(500));
        var service =
            start(
                "--mosaic.embedding.backend=huggingface",
                "--mosaic.embedding.huggingface.base-url=" + broken.base(""),
                "--mosaic.embedding.remote-model.id=org/model",
                "--mosaic.embedding.remote-model.dimensions=2",
                "--mosaic.embedding.remote.first-wait=1ms")) {
      EmbeddingApi api = client(service, EmbeddingApi.class);

      var failure =
          failure(() -> api.embed(new EmbedRequest(TextKind.PASSAGE, List.of("text of mine"))));

      assertThat(failure.code()).isEqualTo(ErrorCode.EMBEDDER_UNAVAILABLE);
      assertThat(failure.code().status()).isEqualTo(503);
      assertThat(failure.detail()).contains("failed 3 times").contains("HTTP 500");
      assertThat(broken.asked())
          .filteredOn(asked -> asked.body().toString().contains("text of mine"))
          .hasSize(3);
      assertThat(client(service, HealthApi.class).health().status()).isEqualTo(HealthStatus.DOWN);
    }
  }

  private static ConfigurableApplicationContext start(String... arguments) {
    return EmbeddingServiceApplication.app()
        .run(
            Stream.concat(
                    Stream.of("--server.port=0", "--mosaic.internal.secret=" + SECRET),
                    Stream.of(arguments))
                .toArray(String[]::new));
  }

  private static <T> T client(ConfigurableApplicationContext service, Class<T> api) {
    return service
        .getBean(ServiceClients.class)
        .client(api, ErrorCode.EMBEDDER_UNAVAILABLE)
        .at(address(service));
  }

  private static URI address(ConfigurableApplicationContext service) {
    return URI.create(
        "http://127.0.0.1:" + service.getEnvironment().getRequiredProperty("local.server.port"));
  }

  private static MosaicException failure(Runnable call) {
    return requireNonNull(catchThrowableOfType(MosaicException.class, call::run));
  }

  private static HttpResponse<String> post(ConfigurableApplicationContext service, String body)
      throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(address(service).resolve("/internal/v1/embedding/embed"))
              .header("Content-Type", "application/json")
              .header(InternalSecret.HEADER, SECRET)
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private static double metric(ConfigurableApplicationContext service, String name, String tag)
      throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      String page =
          http.send(
                  HttpRequest.newBuilder(address(service).resolve("/actuator/prometheus")).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      return page.lines()
          .filter(line -> line.startsWith(name + "{") && line.contains(tag))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .findFirst()
          .orElseThrow(() ->
              new AssertionError(String.format(Locale.ROOT, "no %s{%s} in %s", name, tag, page)));
    }
  }
}
