package io.mosaicdb.embedding.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.embedding.backend.EmbeddingBackend;
import io.mosaicdb.embedding.backend.EmbeddingBackendContract;
import io.mosaicdb.embedding.remote.HuggingFaceProtocol.Style;
import io.mosaicdb.embedding.remote.StubServer.Answer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HuggingFaceBackendTest extends EmbeddingBackendContract {
  private final StubServer server =
      new StubServer(
          asked -> Answer.ok(RemoteBackendFixture.bareAnswer(asked.body().path("inputs"))));
  private final RemoteBackendFixture fixture = new RemoteBackendFixture();
  private final RemoteBackend backend =
      fixture.backend(
          "huggingface",
          new HuggingFaceProtocol(Style.TEXT_EMBEDDINGS_INFERENCE, "org/model"),
          server.base(""));

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
  void postsInputsThatMustNotBeCut() {
    backend.embed(List.of("one", "two"));

    var asked = server.asked().getFirst();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.path()).isEqualTo("/embed");
    assertThat(asked.authorization()).isEqualTo("Bearer " + RemoteBackendFixture.SECRET);
    assertThat(asked.body().path("inputs")).hasToString("[\"one\",\"two\"]");
    assertThat(asked.body().path("truncate").asBoolean(true)).isFalse();
  }

  @Test
  void asksTheInferenceApiForTheModelsFeatures() {
    try (var hosted =
        fixture.backend(
            "huggingface",
            new HuggingFaceProtocol(Style.INFERENCE_API, "org/model"),
            server.base("/hf-inference"))) {
      hosted.embed(List.of("one"));
    }

    var asked = server.asked().getFirst();
    assertThat(asked.path())
        .isEqualTo("/hf-inference/models/org/model/pipeline/feature-extraction");
    assertThat(asked.body()).hasToString("{\"inputs\":[\"one\"]}");
  }
}
