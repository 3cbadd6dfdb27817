package io.mosaicdb.coordinator.guard;

import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;

/** Puts guards around clients of other services; one guard a callee, by name, for all its calls. */
public final class Guards {
  private final CircuitBreakerRegistry breakers;
  private final BulkheadRegistry bulkheads;

  /** As the configuration's defaults, for tests and hosts without a configuration. */
  public Guards() {
    this(new GuardProperties(64, Duration.ofMillis(500), 20, 50, Duration.ofSeconds(2)));
  }

  Guards(GuardProperties properties) {
    breakers =
        CircuitBreakerRegistry.of(
            CircuitBreakerConfig.custom()
                .slidingWindowSize(properties.window())
                .minimumNumberOfCalls(Math.max(1, properties.window() / 2))
                .failureRateThreshold(properties.failureRate())
                .waitDurationInOpenState(properties.pause())
                .permittedNumberOfCallsInHalfOpenState(3)
                .build());
    bulkheads =
        BulkheadRegistry.of(
            BulkheadConfig.custom()
                .maxConcurrentCalls(properties.permits())
                .maxWaitDuration(properties.permitTimeout())
                .build());
  }

  CircuitBreakerRegistry breakers() {
    return breakers;
  }

  BulkheadRegistry bulkheads() {
    return bulkheads;
  }

  /** The state of a callee's breaker: closed, open, half_open. */
  public String state(String callee) {
    return breakers.circuitBreaker(callee).getState().name().toLowerCase(java.util.Locale.ROOT);
  }

  public boolean isOpen(String callee) {
    return breakers.circuitBreaker(callee).getState() == CircuitBreaker.State.OPEN;
  }

  /**
   * A client that makes no call while {@code callee} keeps failing ({@code unavailable}, at once)
   * or has as many calls as it gets ({@code overloaded}).
   */
  public <A> A around(Class<A> api, A client, String callee, ErrorCode unavailable) {
    var breaker =
        breakers.circuitBreaker(
            callee,
            CircuitBreakerConfig.from(breakers.getDefaultConfig())
                .recordException(failure -> isTheCalleesFault(failure, unavailable))
                .build());
    var bulkhead = bulkheads.bulkhead(callee);
    var guard = new Guard(breaker, bulkhead, callee, unavailable);
    var proxy =
        Proxy.newProxyInstance(
            api.getClassLoader(),
            new Class<?>[] {api},
            (_, method, arguments) ->
                guard.call(() -> {
                  try {
                    return method.invoke(client, arguments);
                  } catch (InvocationTargetException e) {
                    throw Guard.unchecked(e.getTargetException());
                  } catch (IllegalAccessException e) {
                    throw new AssertionError(e);
                  }
                }));
    return api.cast(proxy);
  }

  /** What the callee says about others, such as a worker about the embedder, is not its fault. */
  private static boolean isTheCalleesFault(Throwable failure, ErrorCode unavailable) {
    if (!(failure instanceof MosaicException known)) {
      return true;
    }
    return switch (known.code()) {
      case SERVICE_UNAVAILABLE, INTERNAL_ERROR -> true;
      // With a cause the callee was silent; without one it told that the caller's time ran out.
      case DEADLINE_EXCEEDED -> known.getCause() != null;
      default -> known.code() == unavailable;
    };
  }
}
