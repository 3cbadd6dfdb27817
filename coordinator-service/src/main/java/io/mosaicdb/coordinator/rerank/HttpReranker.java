package io.mosaicdb.coordinator.rerank;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A reranker behind HTTP. It is called once and never again for the same search: what it costs to
 * wait twice is more than what a second phase is worth.
 */
final class HttpReranker implements Reranker, AutoCloseable {
  private static final int LONGEST_ANSWER = 1_000_000;
  private static final int QUOTED = 300;

  private final URI address;
  private final RerankProtocol protocol;
  private final @Nullable String model;
  private final @Nullable String apiKey;
  private final JsonMapper json = new JsonMapper();
  private final HttpClient client;

  HttpReranker(
      URI address,
      RerankProtocol protocol,
      @Nullable String model,
      @Nullable String apiKey,
      Duration connectTimeout) {
    this.address = address;
    this.protocol = protocol;
    this.model = model;
    this.apiKey = apiKey;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(connectTimeout)
            .build();
  }

  @Override
  public List<Double> score(String question, List<String> texts, Duration patience) {
    if (texts.isEmpty()) {
      return List.of();
    }
    var body = json.writeValueAsBytes(protocol.request(model, question, texts));
    var request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (apiKey != null) {
      request.header("Authorization", "Bearer " + apiKey);
    }
    var response = send(request.build(), patience);
    if (response.statusCode() != 200) {
      throw unavailable("it answered HTTP " + response.statusCode() + " " + quoted(response), null);
    }
    try {
      return protocol.scores(json.readTree(response.body()), texts.size());
    } catch (JacksonException | IllegalArgumentException e) {
      throw unavailable("its answer is not understood: " + e.getMessage(), e);
    }
  }

  private HttpResponse<byte[]> send(HttpRequest request, Duration patience) {
    var pending =
        client.sendAsync(
            request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST_ANSWER));
    try {
      return pending.get(Math.max(1, patience.toNanos()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      pending.cancel(true);
      throw unavailable("it took longer than " + patience.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      var cause = e.getCause() instanceof IOException io ? io : e;
      throw unavailable(cause.getClass().getSimpleName() + " " + cause.getMessage(), e);
    } catch (InterruptedException e) {
      pending.cancel(true);
      Thread.currentThread().interrupt();
      throw unavailable("the wait for it was interrupted", e);
    }
  }

  private static String quoted(HttpResponse<byte[]> response) {
    var text = new String(response.body(), StandardCharsets.UTF_8).strip();
    return text.length() > QUOTED ? text.substring(0, QUOTED) + "…" : text;
  }

  private MosaicException unavailable(String reason, @Nullable Throwable cause) {
    return new MosaicException(
        ErrorCode.RERANKER_UNAVAILABLE,
        "the reranker at " + address.getAuthority() + ": " + reason,
        List.of(),
        Duration.ofSeconds(1),
        cause);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
