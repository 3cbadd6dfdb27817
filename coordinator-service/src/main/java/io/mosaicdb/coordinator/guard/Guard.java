package io.mosaicdb.coordinator.guard;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The breaker and the permits of one callee. A call without a permit is no failure of the callee.
 */
record Guard(CircuitBreaker breaker, Bulkhead bulkhead, String callee, ErrorCode unavailable) {
  @Nullable Object call(Supplier<@Nullable Object> call) {
    try {
      return bulkhead.executeSupplier(() -> breaker.executeSupplier(call));
    } catch (CallNotPermittedException e) {
      throw new MosaicException(
          unavailable,
          callee + " failed too often and is left alone for a moment",
          List.of(),
          Duration.ofSeconds(1),
          e);
    } catch (BulkheadFullException e) {
      throw new MosaicException(
          ErrorCode.OVERLOADED,
          callee
              + " has "
              + bulkhead.getBulkheadConfig().getMaxConcurrentCalls()
              + " calls at work, which is the most it gets",
          List.of(),
          Duration.ofSeconds(1),
          e);
    }
  }

  static RuntimeException unchecked(Throwable failure) {
    return switch (failure) {
      case RuntimeException runtime -> runtime;
      case Error error -> throw error;
      default -> new IllegalStateException(failure);
    };
  }
}
