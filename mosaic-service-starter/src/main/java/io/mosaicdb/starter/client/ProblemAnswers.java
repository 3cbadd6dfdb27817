package io.mosaicdb.starter.client;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.error.Problem;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.ResponseErrorHandler;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Turns the problem that a service answered with back into the failure it was. */
final class ProblemAnswers implements ResponseErrorHandler {
  private static final int LONGEST_READ = 64 * 1024;

  private final JsonMapper mapper;
  private final ErrorCode unavailable;
  private final URI baseUrl;

  ProblemAnswers(JsonMapper mapper, ErrorCode unavailable, URI baseUrl) {
    this.mapper = mapper;
    this.unavailable = unavailable;
    this.baseUrl = baseUrl;
  }

  @Override
  public boolean hasError(ClientHttpResponse response) throws IOException {
    return response.getStatusCode().isError();
  }

  @Override
  public void handleError(URI url, HttpMethod method, ClientHttpResponse response)
      throws IOException {
    int status = response.getStatusCode().value();
    if (status == 401) {
      throw new MosaicException(
          unavailable,
          "%s refuses this service: mosaic.internal.secret differs between them"
              .formatted(baseUrl.getAuthority()));
    }
    var problem = readProblem(response);
    if (problem == null) {
      throw new MosaicException(
          status >= 500 && status != 500 ? unavailable : ErrorCode.INTERNAL_ERROR,
          "%s answered %s %s with status %d"
              .formatted(baseUrl.getAuthority(), method, url.getPath(), status));
    }
    if (problem.nearest() != null) {
      throw MosaicException.snapshotGone(
          problem.detail() == null ? problem.title() : problem.detail(), problem.nearest(), null);
    }
    throw new MosaicException(
        ErrorCode.find(problem.code()).orElseGet(() -> ErrorCode.ofStatus(status)),
        problem.detail() == null ? problem.title() : problem.detail(),
        problem.errors(),
        retryAfter(response.getHeaders()),
        null);
  }

  private @Nullable Problem readProblem(ClientHttpResponse response) throws IOException {
    var type = response.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE);
    if (type == null || !type.startsWith(Problem.MEDIA_TYPE)) {
      return null;
    }
    var body = response.getBody().readNBytes(LONGEST_READ);
    try {
      var problem = mapper.readValue(body, Problem.class);
      return problem.code() == null ? null : problem;
    } catch (JacksonException notAProblem) {
      return null;
    }
  }

  private static @Nullable Duration retryAfter(HttpHeaders headers) {
    var value = headers.getFirst(HttpHeaders.RETRY_AFTER);
    if (value == null || value.length() > 9 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return null;
    }
    return value.isEmpty() ? null : Duration.ofSeconds(Long.parseLong(value));
  }
}
