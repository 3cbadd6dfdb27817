package io.mosaicdb.starter.client;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.RestClientException;
import org.springframework.web.service.invoker.HttpExchangeAdapter;
import org.springframework.web.service.invoker.HttpExchangeAdapterDecorator;
import org.springframework.web.service.invoker.HttpRequestValues;

/** Gives a code to what goes wrong between here and the callee. */
final class FailuresWithCodes extends HttpExchangeAdapterDecorator {
  private final ErrorCode unavailable;
  private final String callee;
  private final Duration readTimeout;

  FailuresWithCodes(
      HttpExchangeAdapter delegate, ErrorCode unavailable, String callee, Duration readTimeout) {
    super(delegate);
    this.unavailable = unavailable;
    this.callee = callee;
    this.readTimeout = readTimeout;
  }

  @Override
  public void exchange(HttpRequestValues values) {
    call(() -> {
      getHttpExchangeAdapter().exchange(values);
      return null;
    });
  }

  @Override
  public HttpHeaders exchangeForHeaders(HttpRequestValues values) {
    return call(() -> getHttpExchangeAdapter().exchangeForHeaders(values));
  }

  @Override
  public <T> @Nullable T exchangeForBody(
      HttpRequestValues values, ParameterizedTypeReference<T> type) {
    return call(() -> getHttpExchangeAdapter().exchangeForBody(values, type));
  }

  @Override
  public ResponseEntity<Void> exchangeForBodilessEntity(HttpRequestValues values) {
    return call(() -> getHttpExchangeAdapter().exchangeForBodilessEntity(values));
  }

  @Override
  public <T> ResponseEntity<T> exchangeForEntity(
      HttpRequestValues values, ParameterizedTypeReference<T> type) {
    return call(() -> getHttpExchangeAdapter().exchangeForEntity(values, type));
  }

  private <R extends @Nullable Object> R call(Supplier<R> exchange) {
    try {
      return exchange.get();
    } catch (RestClientException e) {
      throw withCode(e);
    }
  }

  private MosaicException withCode(RestClientException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof MosaicException known) {
        return known;
      }
      if (cause instanceof HttpHostConnectException || cause instanceof ConnectTimeoutException) {
        return new MosaicException(
            unavailable,
            callee + " cannot be reached",
            List.of(),
            Duration.ofSeconds(1),
            new NotConnectedException(cause));
      }
      if (cause instanceof ConnectionRequestTimeoutException) {
        return new MosaicException(
            ErrorCode.OVERLOADED,
            "all connections to " + callee + " are in use",
            List.of(),
            Duration.ofSeconds(1),
            cause);
      }
      if (cause instanceof SocketTimeoutException) {
        return new MosaicException(
            ErrorCode.DEADLINE_EXCEEDED,
            "%s did not answer within %d ms".formatted(callee, readTimeout.toMillis()),
            cause);
      }
      if (cause instanceof java.io.IOException) {
        return new MosaicException(
            unavailable,
            "the connection to " + callee + " broke before the answer was complete",
            List.of(),
            Duration.ofSeconds(1),
            cause);
      }
    }
    return new MosaicException(
        ErrorCode.INTERNAL_ERROR, callee + " gave an answer that cannot be read", failure);
  }
}
