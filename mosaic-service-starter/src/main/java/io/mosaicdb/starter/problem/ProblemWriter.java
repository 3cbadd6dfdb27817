package io.mosaicdb.starter.problem;

import io.mosaicdb.contract.error.ErrorCategory;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.error.Problem;
import io.mosaicdb.starter.request.RequestId;
import io.mosaicdb.starter.request.RequestIds;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.json.JsonMapper;

/** Writes a failure as the answer of a request, and logs what an operator must know about it. */
public final class ProblemWriter {
  private static final Logger log = LoggerFactory.getLogger(ProblemWriter.class);
  private static final Duration SOON = Duration.ofSeconds(1);

  private final JsonMapper mapper;

  public ProblemWriter(JsonMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * Replaces whatever was prepared by the problem. Of an answer that has begun nothing can be taken
   * back: it is cut off, so that the caller sees it as incomplete.
   *
   * @param headers more headers for the answer, such as Allow
   */
  public void write(
      HttpServletRequest request,
      HttpServletResponse response,
      MosaicException failure,
      HttpHeaders headers)
      throws IOException {
    report(request, failure);
    if (response.isCommitted()) {
      throw new IOException("the answer had begun when it failed: " + failure.detail(), failure);
    }
    response.resetBuffer();
    response.setStatus(failure.code().status());
    headers.forEach((name, values) -> values.forEach(value -> response.setHeader(name, value)));
    retryAfter(failure)
        .ifPresent(delay ->
            response.setHeader(
                HttpHeaders.RETRY_AFTER, String.valueOf(Math.max(1, delay.toSeconds()))));
    var id = RequestIds.of(request);
    response.setHeader(RequestId.HEADER, id);
    response.setContentType(Problem.MEDIA_TYPE);
    var body = mapper.writeValueAsBytes(Problem.of(failure, request.getRequestURI(), id));
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
    response.flushBuffer();
  }

  /** Every 503 says when to come back, also where nothing knows better than soon. */
  private static Optional<Duration> retryAfter(MosaicException failure) {
    return failure
        .retryAfter()
        .or(() -> failure.code().status() == 503 ? Optional.of(SOON) : Optional.empty());
  }

  private static void report(HttpServletRequest request, MosaicException failure) {
    if (failure.code().category() == ErrorCategory.INTERNAL) {
      var cause = failure.getCause() == null ? failure : failure.getCause();
      log.error(
          "request failed method={} path={} code={} request_id={}",
          request.getMethod(),
          request.getRequestURI(),
          failure.code().code(),
          RequestIds.of(request),
          cause);
    } else if (failure.code().category() == ErrorCategory.UNAVAILABLE) {
      log.warn(
          "request not served method={} path={} code={} detail={}",
          request.getMethod(),
          request.getRequestURI(),
          failure.code().code(),
          failure.detail());
    }
  }
}
