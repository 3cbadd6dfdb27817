package io.mosaicdb.gateway.routing;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.starter.discovery.ServiceDirectory;
import io.mosaicdb.starter.problem.RequestTooLargeException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.springframework.cloud.gateway.server.mvc.common.MvcUtils;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.servlet.function.HandlerFilterFunction;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Chooses the instance of a service that gets a request. An instance that takes no connection is
 * passed over, which is safe for every method because it saw nothing of the request; any later
 * failure is answered and never retried here. An instance that keeps failing is left alone for a
 * moment by its circuit breaker. An answer of the service itself, of whatever status, is not a
 * failure of the instance.
 */
final class Upstream implements HandlerFilterFunction<ServerResponse, ServerResponse> {
  static final CircuitBreakerConfig BREAKING =
      CircuitBreakerConfig.custom()
          .slidingWindowSize(20)
          .minimumNumberOfCalls(5)
          .failureRateThreshold(50)
          .waitDurationInOpenState(Duration.ofSeconds(1))
          .permittedNumberOfCallsInHalfOpenState(2)
          .automaticTransitionFromOpenToHalfOpenEnabled(false)
          .build();

  private final String service;
  private final ServiceDirectory directory;
  private final CircuitBreakerRegistry breakers;
  private final AtomicInteger turn = new AtomicInteger();

  Upstream(String service, ServiceDirectory directory, CircuitBreakerRegistry breakers) {
    this.service = service;
    this.directory = directory;
    this.breakers = breakers;
  }

  @Override
  public ServerResponse filter(ServerRequest request, HandlerFunction<ServerResponse> next)
      throws Exception {
    var instances = directory.instances(service);
    int first = instances.isEmpty() ? 0 : Math.floorMod(turn.getAndIncrement(), instances.size());
    for (int i = 0; i < instances.size(); i++) {
      var instance = instances.get((first + i) % instances.size());
      var breaker = breakers.circuitBreaker(instance.id() + "@" + instance.uri().getAuthority());
      if (!breaker.tryAcquirePermission()) {
        continue;
      }
      MvcUtils.setRequestUrl(request, instance.uri());
      long started = System.nanoTime();
      try {
        var response = next.handle(request);
        breaker.onSuccess(System.nanoTime() - started, TimeUnit.NANOSECONDS);
        return response;
      } catch (ResourceAccessException e) {
        var failure = classify(e, breaker, System.nanoTime() - started);
        if (failure != null) {
          throw failure;
        }
      } catch (Exception e) {
        breaker.releasePermission();
        throw e;
      }
    }
    throw new MosaicException(
        ErrorCode.SERVICE_UNAVAILABLE,
        instances.isEmpty()
            ? "no instance of " + service + " is known"
            : "no instance of " + service + " can be reached",
        List.of(),
        Duration.ofSeconds(1),
        null);
  }

  /** The failure to answer with, or null when the next instance may be tried. */
  private @org.jspecify.annotations.Nullable MosaicException classify(
      ResourceAccessException failure, CircuitBreaker breaker, long nanos) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RequestTooLargeException tooLarge) {
        breaker.releasePermission();
        return tooLarge.toFailure();
      }
      if (cause instanceof HttpHostConnectException || cause instanceof ConnectTimeoutException) {
        breaker.onError(nanos, TimeUnit.NANOSECONDS, cause);
        return null;
      }
      if (cause instanceof SocketTimeoutException) {
        breaker.onError(nanos, TimeUnit.NANOSECONDS, cause);
        return new MosaicException(
            ErrorCode.DEADLINE_EXCEEDED,
            "%s did not answer within %d ms"
                .formatted(service, TimeUnit.NANOSECONDS.toMillis(nanos)),
            cause);
      }
      if (cause.getClass().getSimpleName().equals("ClientAbortException")) {
        breaker.releasePermission();
        return new MosaicException(
            ErrorCode.MALFORMED_REQUEST, "the request ended before it was complete", cause);
      }
      if (cause instanceof IOException) {
        breaker.onError(nanos, TimeUnit.NANOSECONDS, cause);
        return new MosaicException(
            ErrorCode.SERVICE_UNAVAILABLE,
            "the connection to "
                + service
                + " broke before it answered; the request may have been"
                + " carried out",
            List.of(),
            Duration.ofSeconds(1),
            cause);
      }
    }
    breaker.releasePermission();
    throw failure;
  }
}
