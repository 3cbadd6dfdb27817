package io.mosaicdb.embedding.remote;

import io.mosaicdb.contract.embedding.EmbedderIdentity;
import io.mosaicdb.embedding.backend.Embedder;
import io.mosaicdb.model.schema.Metric;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Remote backends of two dimensions, and the answers that a working server gives them. */
public final class RemoteBackendFixture {
  static final String SECRET = "sk-secret-value";

  final List<Duration> pauses = new ArrayList<>();

  RemoteBackend backend(String name, EmbeddingProtocol protocol, URI base) {
    return backend(name, protocol, base, SECRET, Duration.ofSeconds(20));
  }

  RemoteBackend backend(
      String name,
      EmbeddingProtocol protocol,
      URI base,
      @Nullable String secret,
      Duration callTimeout) {
    return new RemoteBackend(
        new Embedder(new EmbedderIdentity("test-model", "1", 2), 512, name, "", "", Metric.COSINE),
        protocol,
        new RemoteServer(base, secret, Duration.ofSeconds(5), callTimeout),
        new RetryPolicy(3, Duration.ofMillis(200), Duration.ofSeconds(5)),
        32,
        pauses::add);
  }

  public static String openAiAnswer(JsonNode texts) {
    var entries = new ArrayList<String>();
    for (int i = texts.size() - 1; i >= 0; i--) {
      entries.add(
          "{\"object\": \"embedding\", \"index\": "
              + i
              + ", \"embedding\": "
              + vector(texts.get(i).asString())
              + "}");
    }
    return "{\"object\": \"list\", \"data\": ["
        + String.join(", ", entries)
        + "], \"usage\": {\"total_tokens\": 1}}";
  }

  public static String bareAnswer(JsonNode texts) {
    return StreamSupport.stream(texts.spliterator(), false)
        .map(text -> vector(text.asString()))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String vector(String text) {
    double angle = text.hashCode();
    return "[" + 3 * Math.cos(angle) + ", " + 3 * Math.sin(angle) + "]";
  }
}
