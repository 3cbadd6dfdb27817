package io.mosaicdb.embedding.remote;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mosaicdb.contract.embedding.EmbeddingVector;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.embedding.remote.StubServer.Answer;
import io.mosaicdb.embedding.remote.StubServer.Asked;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class RemoteBackendTest {
  private final RemoteBackendFixture fixture = new RemoteBackendFixture();

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503, 504})
  void repeatsACallThatMaySucceedLater(int status) {
    var calls = new AtomicInteger();
    try (var server =
        new StubServer(
            asked -> calls.incrementAndGet() < 3 ? Answer.status(status) : good(asked))) {
      assertThat(embed(server, Duration.ofSeconds(20))).hasSize(1);
    }
    assertThat(calls).hasValue(3);
    assertThat(fixture.pauses)
        .satisfiesExactly(
            first -> assertThat(first).isBetween(Duration.ofMillis(100), Duration.ofMillis(200)),
            second -> assertThat(second).isBetween(Duration.ofMillis(200), Duration.ofMillis(400)));
  }

  @Test
  void saysWhyWhenItsAttemptsAreUsedUp() {
    try (var server = new StubServer(asked -> Answer.status(500))) {
      MosaicException failure = failure(server);

      assertThat(failure.code()).isEqualTo(ErrorCode.EMBEDDER_UNAVAILABLE);
      assertThat(failure.detail())
          .matches(
              "the embedding server http://127.0.0.1:\\d+/v1 failed 3 times, lastly: HTTP 500"
                  + " \\{\"error\": \"says 500\"}");
      assertThat(server.asked()).hasSize(3);
    }
  }

  @Test
  void repeatsACallThatIsNotAnsweredInTime() {
    var never = new CountDownLatch(1);
    try (var server =
        new StubServer(asked -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Answer.status(500);
        })) {
      MosaicException failure = failure(server, Duration.ofMillis(100));

      assertThat(failure.code()).isEqualTo(ErrorCode.EMBEDDER_UNAVAILABLE);
      assertThat(failure.detail()).contains("failed 3 times").contains("timed out");
      assertThat(server.asked()).hasSize(3);
      never.countDown();
    }
  }

  @Test
  void repeatsACallThatFindsNobody() {
    var server = new StubServer(asked -> good(asked));
    server.close();

    MosaicException failure = failure(server);

    assertThat(failure.code()).isEqualTo(ErrorCode.EMBEDDER_UNAVAILABLE);
    assertThat(failure.detail()).contains("failed 3 times");
    assertThat(fixture.pauses).hasSize(2);
  }

  @Test
  void waitsAsLongAsTheServerAsks() {
    var calls = new AtomicInteger();
    try (var server =
        new StubServer(asked ->
            calls.incrementAndGet() == 1
                ? new Answer(429, "", Map.of("Retry-After", "3"))
                : good(asked))) {
      assertThat(embed(server, Duration.ofSeconds(20))).hasSize(1);
    }
    assertThat(fixture.pauses).containsExactly(Duration.ofSeconds(3));
  }

  @Test
  void givesUpAndPassesOnAWaitThatIsTooLong() {
    try (var server = new StubServer(asked -> new Answer(429, "", Map.of("Retry-After", "60")))) {
      MosaicException failure = failure(server);

      assertThat(failure.retryAfter()).contains(Duration.ofSeconds(60));
      assertThat(server.asked()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, INVALID_VALUE",
    "413, INVALID_VALUE",
    "422, INVALID_VALUE",
    "401, EMBEDDER_UNAVAILABLE",
    "403, EMBEDDER_UNAVAILABLE",
    "404, EMBEDDER_UNAVAILABLE",
    "301, EMBEDDER_UNAVAILABLE"
  })
  void doesNotRepeatWhatTheServerRefuses(int status, ErrorCode code) {
    try (var server = new StubServer(asked -> Answer.status(status))) {
      MosaicException failure = failure(server);

      assertThat(failure.code()).isEqualTo(code);
      assertThat(failure.detail()).contains("refused: HTTP " + status);
      assertThat(server.asked()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"data\":[{\"index\":0,\"embedding\":[1,2,3]}]} | vector of 3 dimensions, configured are 2",
        "{\"data\":[]}                                    | 0 vectors for 1 texts",
        "{\"data\":[{\"embedding\":[1,2]},{\"embedding\":[1,2]}]} | 2 vectors for 1 texts",
        "{\"data\":[{\"index\":7,\"embedding\":[1,2]}]}   | index 7 is out of range",
        "{\"data\":[{\"index\":0,\"embedding\":[0,0]}]}   | a vector of zeros",
        "{\"data\":[{\"index\":0,\"embedding\":[1,1e60]}]} | not finite",
        "{\"data\":[{\"index\":0,\"embedding\":[1,NaN]}]} | not understood",
        "{\"data\":[{\"index\":0,\"embedding\":[1,null]}]} | not a number but NULL",
        "{\"data\":[{\"index\":0,\"embedding\":\"abc\"}]} | not an array of numbers",
        "{\"data\":{}}                                    | it has no array",
        "hello                                            | not understood"
      })
  void refusesAnAnswerThatIsNotWhatItAskedFor(String answer, String reason) {
    try (var server = new StubServer(asked -> Answer.ok(answer))) {
      MosaicException failure = failure(server);

      assertThat(failure.code()).isEqualTo(ErrorCode.EMBEDDER_UNAVAILABLE);
      assertThat(failure.detail()).contains(reason);
      assertThat(server.asked()).hasSize(1);
    }
  }

  @Test
  void keepsTheSecretToItself() {
    try (var server =
        new StubServer(asked ->
            new Answer(401, "bad key " + RemoteBackendFixture.SECRET + " given", Map.of()))) {
      assertThat(failure(server).detail())
          .contains("bad key *** given")
          .doesNotContain(RemoteBackendFixture.SECRET);
    }
  }

  private static Answer good(Asked asked) {
    return Answer.ok(RemoteBackendFixture.openAiAnswer(asked.body().path("input")));
  }

  private MosaicException failure(StubServer server) {
    return failure(server, Duration.ofSeconds(20));
  }

  private MosaicException failure(StubServer server, Duration callTimeout) {
    return requireNonNull(
        catchThrowableOfType(MosaicException.class, () -> embed(server, callTimeout)));
  }

  private List<EmbeddingVector> embed(StubServer server, Duration callTimeout) {
    try (var backend =
        fixture.backend(
            "openai",
            new OpenAiProtocol("test-model", null),
            server.base("/v1"),
            RemoteBackendFixture.SECRET,
            callTimeout)) {
      return backend.embed(List.of("one"));
    }
  }
}
