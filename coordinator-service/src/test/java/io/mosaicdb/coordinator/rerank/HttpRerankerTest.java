package io.mosaicdb.coordinator.rerank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against a real server that answers what each test says. */
class HttpRerankerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final List<String> TEXTS = List.of("one", "two", "three");
  private final HttpServer server = serve();
  private final CountDownLatch silence = new CountDownLatch(1);
  private volatile int status = 200;
  private volatile String answer = "";
  private volatile boolean silent;
  private volatile @Nullable JsonNode body;
  private volatile @Nullable String authorization;

  private HttpServer serve() {
    try {
      var started =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
      started.createContext(
          "/rerank",
          exchange -> {
            body = JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
            authorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (silent) {
              try {
                silence.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }
            var bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
          });
      started.start();
      return started;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void stop() {
    silence.countDown();
    server.stop(0);
  }

  private HttpReranker reranker(RerankProtocol protocol) {
    var address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/rerank");
    return new HttpReranker(address, protocol, "some-model", "sesame", Duration.ofSeconds(5));
  }

  @Test
  void speaksToTextEmbeddingsInference() {
    answer = "[{\"index\":2,\"score\":0.9},{\"index\":0,\"score\":0.5},{\"index\":1,\"score\":-1}]";

    try (var reranker = reranker(RerankProtocol.TEI)) {
      assertThat(reranker.score("why", TEXTS, PATIENCE)).containsExactly(0.5, -1.0, 0.9);
    }

    assertThat(body)
        .isEqualTo(
            JsonMapper.shared()
                .readTree(
                    "{\"query\":\"why\",\"texts\":[\"one\",\"two\",\"three\"],\"truncate\":true}"));
    assertThat(authorization).isEqualTo("Bearer sesame");
  }

  @Test
  void speaksToCohereAndJina() {
    answer =
        """
        {"id": "x", "results": [{"index": 1, "relevance_score": 0.8, "document": {"text": "two"}},
          {"index": 0, "relevance_score": 0.25}, {"index": 2, "relevance_score": 0.125}],
         "usage": {"total_tokens": 9}}\
        """;

    try (var reranker = reranker(RerankProtocol.COHERE)) {
      assertThat(reranker.score("why", TEXTS, PATIENCE)).containsExactly(0.25, 0.8, 0.125);
    }

    assertThat(body)
        .isEqualTo(
            JsonMapper.shared()
                .readTree(
                    """
                    {"model": "some-model", "query": "why", "documents": ["one", "two", "three"],
                     "top_n": 3}\
                    """));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no json",
        "{}",
        "[]",
        "[{\"index\":0,\"score\":1}]",
        "[{\"index\":0,\"score\":1},{\"index\":0,\"score\":2},{\"index\":1,\"score\":2}]",
        "[{\"index\":0,\"score\":1},{\"index\":3,\"score\":2},{\"index\":1,\"score\":2}]",
        "[{\"index\":0,\"score\":1},{\"index\":2},{\"index\":1,\"score\":2}]"
      })
  void refusesAnswersThatAreNotOneScoreAText(String said) {
    answer = said;

    try (var reranker = reranker(RerankProtocol.TEI)) {
      assertUnavailable(() -> reranker.score("why", TEXTS, PATIENCE), "not understood");
    }
  }

  @Test
  void saysWhatTheServerSaid() {
    status = 503;
    answer = "model is loading";

    try (var reranker = reranker(RerankProtocol.TEI)) {
      assertUnavailable(
          () -> reranker.score("why", TEXTS, PATIENCE), "it answered HTTP 503 model is loading");
    }
  }

  @Test
  void givesUpOnASilentServer() {
    silent = true;

    try (var reranker = reranker(RerankProtocol.TEI)) {
      assertUnavailable(
          () -> reranker.score("why", TEXTS, Duration.ofMillis(50)), "took longer than 50 ms");
    }
  }

  @Test
  void isUnavailableWhereNobodyListens() {
    server.stop(0);

    try (var reranker = reranker(RerankProtocol.TEI)) {
      assertUnavailable(() -> reranker.score("why", TEXTS, PATIENCE), "ConnectException");
    }
  }

  private static void assertUnavailable(ThrowingCallable call, String why) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MosaicException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.RERANKER_UNAVAILABLE))
        .hasMessageContaining(why);
  }
}
