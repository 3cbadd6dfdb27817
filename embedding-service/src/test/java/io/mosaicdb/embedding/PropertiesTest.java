package io.mosaicdb.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.embedding.local.LocalModel;
import io.mosaicdb.embedding.local.Pooling;
import io.mosaicdb.embedding.remote.HuggingFaceProtocol.Style;
import io.mosaicdb.embedding.remote.RetryPolicy;
import io.mosaicdb.model.schema.Metric;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class PropertiesTest {

  @Test
  void defaultToTheBundledModel() {
    assertThat(bind("mosaic.embedding", BackendProperties.class).backend())
        .isEqualTo(BackendProperties.Backend.LOCAL);
    var local = bind("mosaic.embedding.local", LocalProperties.class);
    assertThat(local.model()).isEqualTo(LocalModel.bundled());
    assertThat(local.workers()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(local.queryThreads()).isEqualTo(1);
    assertThat(bind("mosaic.embedding.passage", PassageProperties.class))
        .isEqualTo(new PassageProperties(256, 38));
    assertThat(bind("mosaic.embedding.cache", CacheProperties.class))
        .isEqualTo(new CacheProperties(10_000, DataSize.ofMegabytes(32)));
    assertThat(bind("mosaic.embedding.request", RequestProperties.class))
        .isEqualTo(
            new RequestProperties(
                1024, 10_000_000, 4096, Duration.ofSeconds(10), Duration.ofMinutes(5)));
    assertThat(bind("mosaic.embedding.remote", RemoteCallProperties.class))
        .isEqualTo(
            new RemoteCallProperties(
                32,
                Duration.ofMillis(5),
                4,
                2,
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                3,
                Duration.ofMillis(200),
                Duration.ofSeconds(5)));
  }

  @Test
  void describeAModelInFiles() {
    var local =
        bind(
            "mosaic.embedding.local",
            LocalProperties.class,
            "id",
            "e5-large",
            "model-path",
            "/models/e5.onnx",
            "tokenizer-path",
            "/models/tokenizer.json",
            "pooling",
            "mean",
            "max-tokens",
            "500",
            "query-prefix",
            "query: ",
            "passage-prefix",
            "passage: ",
            "similarity",
            "dot",
            "threads",
            "3",
            "query-threads",
            "2");

    assertThat(local.model())
        .isEqualTo(
            new LocalModel(
                "e5-large",
                Path.of("/models/e5.onnx"),
                Path.of("/models/tokenizer.json"),
                Pooling.MEAN,
                500,
                "query: ",
                "passage: ",
                Metric.DOT));
    assertThat(local.workers()).isEqualTo(3);
    assertThat(local.queryThreads()).isEqualTo(2);
  }

  @Test
  void describeARemoteModel() {
    var model =
        bind(
            "mosaic.embedding.remote-model",
            RemoteModelProperties.class,
            "id",
            "text-embedding-3-small",
            "revision",
            "2024-01",
            "dimensions",
            "1536",
            "send-dimensions",
            "true",
            "max-tokens",
            "8191",
            "query-prefix",
            "q ",
            "passage-prefix",
            "p ",
            "similarity",
            "l2");

    var embedder = model.embedder("openai");
    assertThat(model.sendDimensions()).isTrue();
    assertThat(embedder.identity().id()).isEqualTo("text-embedding-3-small");
    assertThat(embedder.identity().revision()).isEqualTo("2024-01");
    assertThat(embedder.identity().dimensions()).isEqualTo(1536);
    assertThat(embedder.maxTokens()).isEqualTo(8191);
    assertThat(embedder.queryPrefix()).isEqualTo("q ");
    assertThat(embedder.passagePrefix()).isEqualTo("p ");
    assertThat(embedder.description().similarity()).isEqualTo("l2");
  }

  @Test
  void nameServersWithoutPrintingTheirSecrets() {
    var openAi =
        bind(
            "mosaic.embedding.openai",
            OpenAiProperties.class,
            "base-url",
            "http://ai.example:8080/v1",
            "api-key",
            "sk-1");
    assertThat(openAi.baseUrl()).isEqualTo(URI.create("http://ai.example:8080/v1"));
    assertThat(openAi.apiKey()).isEqualTo("sk-1");
    assertThat(openAi.toString()).doesNotContain("sk-1");

    var huggingFace =
        bind(
            "mosaic.embedding.huggingface",
            HuggingFaceProperties.class,
            "base-url",
            "http://tei.example",
            "token",
            "hf-1",
            "style",
            "inference-api");
    assertThat(huggingFace.baseUrl()).isEqualTo(URI.create("http://tei.example"));
    assertThat(huggingFace.style()).isEqualTo(Style.INFERENCE_API);
    assertThat(huggingFace.token()).isEqualTo("hf-1");
    assertThat(huggingFace.toString()).doesNotContain("hf-1");
  }

  @Test
  void describeCallsRequestsAndLimits() {
    var calls =
        bind(
            "mosaic.embedding.remote",
            RemoteCallProperties.class,
            "batch-size",
            "8",
            "batch-timeout",
            "1ms",
            "concurrency",
            "1",
            "query-concurrency",
            "0",
            "connect-timeout",
            "1s",
            "call-timeout",
            "3s",
            "attempts",
            "5",
            "first-wait",
            "10ms",
            "longest-wait",
            "1s");
    assertThat(calls)
        .isEqualTo(
            new RemoteCallProperties(
                8,
                Duration.ofMillis(1),
                1,
                0,
                Duration.ofSeconds(1),
                Duration.ofSeconds(3),
                5,
                Duration.ofMillis(10),
                Duration.ofSeconds(1)));
    assertThat(calls.retries())
        .isEqualTo(new RetryPolicy(5, Duration.ofMillis(10), Duration.ofSeconds(1)));
    assertThat(
            bind(
                "mosaic.embedding.request",
                RequestProperties.class,
                "max-texts",
                "2",
                "max-text-length",
                "3",
                "queue-capacity",
                "4",
                "query-timeout",
                "5s",
                "passage-timeout",
                "6s"))
        .isEqualTo(new RequestProperties(2, 3, 4, Duration.ofSeconds(5), Duration.ofSeconds(6)));
    assertThat(
            bind(
                "mosaic.embedding.cache",
                CacheProperties.class,
                "max-entries",
                "2",
                "max-size",
                "1KB"))
        .isEqualTo(new CacheProperties(2, DataSize.ofKilobytes(1)));
    assertThat(
            bind(
                "mosaic.embedding.passage",
                PassageProperties.class,
                "max-tokens",
                "128",
                "overlap-tokens",
                "0"))
        .isEqualTo(new PassageProperties(128, 0));
    assertThat(bind("mosaic.embedding", BackendProperties.class, "backend", "openai").backend())
        .isEqualTo(BackendProperties.Backend.OPENAI);
  }

  @Test
  void sayWhatIsWrongWithThem() {
    assertThatThrownBy(
            () -> bind("mosaic.embedding.local", LocalProperties.class, "model-path", "/m.onnx"))
        .hasRootCauseMessage(
            "mosaic.embedding.local.id must name the model at mosaic.embedding.local.model-path");
    assertThatThrownBy(
            () -> bind("mosaic.embedding.passage", PassageProperties.class, "max-tokens", "8"))
        .hasRootCauseMessage("mosaic.embedding.passage.max-tokens must be >= 32, got 8");
    var model = bind("mosaic.embedding.remote-model", RemoteModelProperties.class, "id", "m");
    assertThatThrownBy(() -> model.embedder("openai"))
        .hasMessage(
            "mosaic.embedding.remote-model.dimensions must be > 0 for a remote backend, got 0");
  }

  private static <T> T bind(String prefix, Class<T> type, String... keysAndValues) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put(prefix + "." + keysAndValues[i], keysAndValues[i + 1]);
    }
    return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate(prefix, type);
  }
}
