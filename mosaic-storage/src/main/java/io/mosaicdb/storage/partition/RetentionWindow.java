package io.mosaicdb.storage.partition;

import io.mosaicdb.storage.generation.GenerationStore;
import io.mosaicdb.storage.generation.GenerationSummary;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * How far back a partition can be read. A commit stays readable until another has followed it for
 * longer than the retention; generations tell the time: what a generation holds was applied before
 * it was made.
 */
final class RetentionWindow {
  private final Supplier<Duration> retention;
  private final GenerationStore generations;
  private final SegmentTable table;
  private final Clock clock;

  RetentionWindow(
      Supplier<Duration> retention, GenerationStore generations, SegmentTable table, Clock clock) {
    this.retention = retention;
    this.generations = generations;
    this.table = table;
    this.clock = clock;
  }

  /** Lets go what time has let go. */
  void advance() {
    var limit = clock.instant().minus(retention.get());
    long last = 0;
    for (GenerationSummary each : generations.generations()) {
      if (!each.createdAt().isAfter(limit)) {
        last = Math.max(last, each.commits().last());
      }
    }
    table.advanceHorizon(last);
  }

  /**
   * The commit whose and whose successors' versions a shard must keep that is made now, for a
   * generation that holds commits up to {@code covered}. Never beyond {@code covered}: the replay
   * of later commits needs the versions that they met.
   */
  long floor(long covered) {
    advance();
    return retention.get().isZero() ? covered : Math.min(table.horizon(), covered);
  }
}
