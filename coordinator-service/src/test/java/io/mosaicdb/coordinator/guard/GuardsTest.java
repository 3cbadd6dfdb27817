package io.mosaicdb.coordinator.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class GuardsTest {
  private final AtomicInteger calls = new AtomicInteger();

  @SuppressWarnings("unchecked")
  private Supplier<String> guarded(Guards guards, Supplier<String> client) {
    return guards.around(Supplier.class, client, "callee", ErrorCode.WORKER_UNAVAILABLE);
  }

  private static Guards guards(int permits) {
    return new Guards(
        new GuardProperties(permits, Duration.ofMillis(1), 4, 50, Duration.ofMinutes(1)));
  }

  private String fail(ErrorCode code) {
    calls.incrementAndGet();
    throw new MosaicException(code, "no");
  }

  @Test
  void makesNoCallToACalleeThatKeepsFailing() {
    var guards = guards(4);
    var client = guarded(guards, () -> fail(ErrorCode.WORKER_UNAVAILABLE));

    for (int i = 0; i < 10; i++) {
      var _ = catchThrowable(client::get);
    }

    assertThat(calls).hasValueLessThan(10);
    assertThat(guards.isOpen("callee")).isTrue();
    assertThatThrownBy(client::get)
        .isInstanceOf(MosaicException.class)
        .hasMessageContaining("left alone");
  }

  @Test
  void doesNotBlameTheCalleeForTheRequest() {
    var client = guarded(guards(4), () -> fail(ErrorCode.INVALID_VALUE));

    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(client::get).hasMessage("no");
    }

    assertThat(calls).hasValue(10);
  }

  @Test
  void doesNotBlameTheCalleeForAnother() {
    var guards = guards(4);
    var client = guarded(guards, () -> fail(ErrorCode.EMBEDDER_UNAVAILABLE));

    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(client::get).hasMessage("no");
    }

    assertThat(guards.isOpen("callee")).isFalse();
  }

  @Test
  void refusesWhatGoesBeyondThePermits() {
    var guards = guards(1);
    var inner = guarded(guards, () -> "never");
    var outer = guarded(guards, () -> inner.get());

    assertThatThrownBy(outer::get)
        .isInstanceOfSatisfying(
            MosaicException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED);
              assertThat(e.retryAfter()).isPresent();
            });
  }
}
