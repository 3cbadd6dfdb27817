package io.mosaicdb.coordinator.ingest;

import io.mosaicdb.contract.error.MosaicException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Asks a busy service again, for a while; the one retry of the paths that use it. */
record Patience(Duration longest) {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  /** The step's result; a failure that is not {@code worthwhile}, or the last, is thrown. */
  <T> T with(Supplier<T> step, Predicate<MosaicException> worthwhile) {
    long until = System.nanoTime() + longest.toNanos();
    var pause = FIRST_PAUSE;
    while (true) {
      try {
        return step.get();
      } catch (MosaicException e) {
        if (!worthwhile.test(e) || System.nanoTime() + pause.toNanos() > until) {
          throw e;
        }
        rest(pause, e);
        var doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
      }
    }
  }

  private static void rest(Duration pause, MosaicException reason) {
    try {
      Thread.sleep(pause.plusMillis(ThreadLocalRandom.current().nextLong(pause.toMillis() + 1)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw reason;
    }
  }
}
