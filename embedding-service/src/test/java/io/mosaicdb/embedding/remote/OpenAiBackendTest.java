package io.mosaicdb.embedding.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.embedding.backend.EmbeddingBackend;
import io.mosaicdb.embedding.backend.EmbeddingBackendContract;
import io.mosaicdb.embedding.remote.StubServer.Answer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenAiBackendTest extends EmbeddingBackendContract {
  private final StubServer server =
      new StubServer(
          asked -> Answer.ok(RemoteBackendFixture.openAiAnswer(asked.body().path("input"))));
  private final RemoteBackendFixture fixture = new RemoteBackendFixture();
  private final RemoteBackend backend =
      fixture.backend("openai", new OpenAiProtocol("test-model", null), server.base("/v1/"));

  @AfterEach
  void close() {
    backend.close();
    server.close();
  }

  @Override
  protected EmbeddingBackend backend() {
    return backend;
  }

  @Test
  void postsModelAndInputWithTheKey() {
    backend.embed(List.of("one", "two"));

    var asked = server.asked().getFirst();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.path()).isEqualTo("/v1/embeddings");
    assertThat(asked.authorization()).isEqualTo("Bearer " + RemoteBackendFixture.SECRET);
    assertThat(asked.body()).hasToString("{\"model\":\"test-model\",\"input\":[\"one\",\"two\"]}");
  }

  @Test
  void asksForDimensionsOnlyWhereConfiguredAndSendsNoKeyWithoutOne() {
    try (var other =
        fixture.backend(
            "openai",
            new OpenAiProtocol("test-model", 2),
            server.base("/v1"),
            null,
            Duration.ofSeconds(20))) {
      other.embed(List.of("one"));
    }

    var asked = server.asked().getFirst();
    assertThat(asked.authorization()).isNull();
    assertThat(asked.body())
        .hasToString("{\"model\":\"test-model\",\"input\":[\"one\"],\"dimensions\":2}");
  }
}
