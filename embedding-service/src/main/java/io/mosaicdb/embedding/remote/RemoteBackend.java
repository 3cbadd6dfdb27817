package io.mosaicdb.embedding.remote;

import io.mosaicdb.contract.embedding.EmbeddingVector;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.embedding.backend.Embedder;
import io.mosaicdb.embedding.backend.EmbeddingBackend;
import io.mosaicdb.embedding.backend.TokenCounter;
import io.mosaicdb.embedding.backend.VectorCheck;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A model on a server. A call that fails by a broken connection, a time-out, 429 or a 5xx is
 * repeated by the retry policy, which is safe because embedding changes nothing; whatever else the
 * server says is final. Its answer is used only if it is exactly what was asked for.
 */
public final class RemoteBackend implements EmbeddingBackend {
  private static final int CONNECTIONS = 64;

  private final Embedder embedder;
  private final EmbeddingProtocol protocol;
  private final RemoteServer server;
  private final RetryPolicy retries;
  private final int batchSize;
  private final Pause pause;
  private final VectorCheck check;
  private final TokenCounter tokens = new EstimatedTokens();
  private final JsonMapper json = new JsonMapper();
  private final CloseableHttpClient connections;
  private final RestClient client;

  /** Waits between attempts. */
  @FunctionalInterface
  public interface Pause {
    void sleep(Duration time) throws InterruptedException;
  }

  /** How one attempt ended that may be followed by another. */
  private sealed interface Outcome {
    record Answered(List<EmbeddingVector> vectors) implements Outcome {}

    record Failed(String reason, @Nullable Duration retryAfter, @Nullable Exception cause)
        implements Outcome {}
  }

  public RemoteBackend(
      Embedder embedder,
      EmbeddingProtocol protocol,
      RemoteServer server,
      RetryPolicy retries,
      int batchSize,
      Pause pause) {
    if (batchSize < 1) {
      throw new IllegalArgumentException("batch size must be > 0, got " + batchSize);
    }
    this.embedder = embedder;
    this.protocol = protocol;
    this.server = server;
    this.retries = retries;
    this.batchSize = batchSize;
    this.pause = pause;
    check = new VectorCheck(embedder.identity().dimensions(), embedder.similarity());
    connections = connections(server);
    client =
        RestClient.builder()
            .baseUrl(server.base().toString().replaceAll("/+$", ""))
            .requestFactory(new HttpComponentsClientHttpRequestFactory(connections))
            .defaultHeaders(headers -> {
              headers.setContentType(MediaType.APPLICATION_JSON);
              headers.setAccept(List.of(MediaType.APPLICATION_JSON));
              if (server.secret() != null) {
                headers.setBearerAuth(server.secret());
              }
            })
            .build();
  }

  @Override
  public Embedder embedder() {
    return embedder;
  }

  @Override
  public TokenCounter tokens() {
    return tokens;
  }

  @Override
  public int batchSize() {
    return batchSize;
  }

  @Override
  public List<EmbeddingVector> embed(List<String> texts) {
    byte[] body = json.writeValueAsBytes(protocol.request(texts));
    for (int attempt = 1; ; attempt++) {
      switch (attempt(body, texts.size())) {
        case Outcome.Answered answered -> {
          return answered.vectors();
        }
        case Outcome.Failed failed -> {
          Duration asked = failed.retryAfter();
          boolean askedTooLong = asked != null && asked.compareTo(retries.longestWait()) > 0;
          if (attempt >= retries.attempts() || askedTooLong) {
            throw new MosaicException(
                ErrorCode.EMBEDDER_UNAVAILABLE,
                "the embedding server "
                    + server.address()
                    + " failed "
                    + attempt
                    + (attempt == 1 ? " time: " : " times, lastly: ")
                    + failed.reason(),
                List.of(),
                asked,
                failed.cause());
          }
          Duration wait = retries.wait(attempt, RandomGenerator.getDefault());
          sleep(asked != null && asked.compareTo(wait) > 0 ? asked : wait);
        }
      }
    }
  }

  @Override
  public void close() {
    try {
      connections.close();
    } catch (IOException e) {
      throw new IllegalStateException("cannot close connections to " + server.address(), e);
    }
  }

  private Outcome attempt(byte[] body, int texts) {
    try {
      return client
          .post()
          .uri(protocol.path())
          .body(body)
          .exchangeForRequiredValue((request, response) -> outcome(response, texts));
    } catch (ResourceAccessException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return new Outcome.Failed(
          cause.getClass().getSimpleName()
              + ": "
              + server.quoted(String.valueOf(cause.getMessage())),
          null,
          e);
    }
  }

  private Outcome outcome(ClientHttpResponse response, int texts) throws IOException {
    int status = response.getStatusCode().value();
    try (InputStream in = response.getBody()) {
      if (status == 200) {
        return new Outcome.Answered(vectors(json.readTree(in.readAllBytes()), texts));
      }
      String reason =
          "HTTP "
              + status
              + " "
              + server.quoted(new String(in.readNBytes(2_000), StandardCharsets.UTF_8));
      if (status == 429 || status >= 500) {
        return new Outcome.Failed(reason.strip(), retryAfter(response.getHeaders()), null);
      }
      // These say that a text is at fault; others, our credentials, model name or address.
      boolean textAtFault = status == 400 || status == 413 || status == 422;
      throw new MosaicException(
          textAtFault ? ErrorCode.INVALID_VALUE : ErrorCode.EMBEDDER_UNAVAILABLE,
          "the embedding server " + server.address() + " refused: " + reason.strip());
    } catch (JacksonException | MalformedAnswerException e) {
      throw new MosaicException(
          ErrorCode.EMBEDDER_UNAVAILABLE,
          "the embedding server "
              + server.address()
              + " gave an answer that is not understood: "
              + server.quoted(String.valueOf(e.getMessage())),
          e);
    }
  }

  private List<EmbeddingVector> vectors(JsonNode answer, int texts) {
    var vectors = new ArrayList<EmbeddingVector>(texts);
    for (float[] vector : protocol.vectors(answer, texts)) {
      vectors.add(check.vector(vector));
    }
    return vectors;
  }

  private void sleep(Duration time) {
    try {
      pause.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MosaicException(
          ErrorCode.EMBEDDER_UNAVAILABLE, "interrupted between attempts to embed", e);
    }
  }

  /** Seconds or a date, as RFC 9110 has it; null where it is neither. */
  private static @Nullable Duration retryAfter(HttpHeaders headers) {
    String value = headers.getFirst(HttpHeaders.RETRY_AFTER);
    if (value == null) {
      return null;
    }
    if (value.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    try {
      Instant at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration until = Duration.between(Instant.now(), at);
      return until.isNegative() ? Duration.ZERO : until;
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static CloseableHttpClient connections(RemoteServer server) {
    Timeout connect = Timeout.of(server.connectTimeout());
    Timeout call = Timeout.of(server.callTimeout());
    return HttpClients.custom()
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setConnectionRequestTimeout(call)
                .setResponseTimeout(call)
                .build())
        .setConnectionManager(
            PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnPerRoute(CONNECTIONS)
                .setMaxConnTotal(CONNECTIONS)
                .setDefaultConnectionConfig(
                    ConnectionConfig.custom()
                        .setConnectTimeout(connect)
                        .setSocketTimeout(call)
                        .build())
                .build())
        .build();
  }
}
