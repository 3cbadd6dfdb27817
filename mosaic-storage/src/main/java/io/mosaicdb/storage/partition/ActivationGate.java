package io.mosaicdb.storage.partition;

import io.mosaicdb.model.schema.Schema;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a generation must pass before it is activated. Its shards are tried; and with many damaged
 * shards none is activated at all until an operator says so: what is made of what is left would
 * make the damage harder to heal. Thread-safe.
 */
final class ActivationGate {
  private static final Logger logger = LoggerFactory.getLogger(ActivationGate.class);
  private final int partition;
  private final SegmentTable table;
  private final WarmUp warmUp;
  private final int mostDamaged;
  private final Clock clock;
  private long refused;
  private @Nullable String lastRefusal;
  private @Nullable Instant refusedAt;
  private @Nullable String suspended;
  private int tolerated;
  private boolean closed;

  /**
   * @param mostDamaged shards that may be damaged without a suspension
   */
  ActivationGate(int partition, SegmentTable table, WarmUp warmUp, int mostDamaged, Clock clock) {
    this.partition = partition;
    this.table = table;
    this.warmUp = warmUp;
    this.mostDamaged = mostDamaged;
    this.clock = clock;
    this.tolerated = mostDamaged;
  }

  /**
   * Tries new shards.
   *
   * @throws IOException if one does not answer as it should
   */
  void warmUp(List<NewShard> made, Schema schema) throws IOException {
    for (NewShard each : made) {
      try {
        if (each.opened().documentCount() != each.written().documents().size()) {
          throw new IOException(
              "warm-up failed: %d documents were written and %d are there"
                  .formatted(each.written().documents().size(), each.opened().documentCount()));
        }
        warmUp.run(each.opened(), schema);
      } catch (IOException e) {
        refused("shard " + each.shardId() + ": " + e.getMessage());
        throw e;
      }
    }
  }

  synchronized void refused(String reason) {
    refused++;
    lastRefusal = reason;
    refusedAt = clock.instant();
    logger.warn("generation_not_activated partition={} reason={}", partition, reason);
  }

  synchronized void activated() {
    lastRefusal = null;
    refusedAt = null;
  }

  /** Counts damaged shards; to be called now and then. */
  void look() {
    int damaged = damaged();
    synchronized (this) {
      if (suspended == null && damaged > tolerated) {
        suspended =
            "%d shards of partition %d are damaged, %d may be; see /health, heal or accept it, then resume"
                .formatted(damaged, partition, mostDamaged);
        logger.error("activation_suspended partition={} damaged={}", partition, damaged);
      }
      // Damage that was accepted and healed is not accepted again.
      tolerated = Math.max(mostDamaged, Math.min(tolerated, damaged));
    }
  }

  private int damaged() {
    return table.missingShards().size();
  }

  /** Allows generations again, with the damage that there is. */
  void resume() {
    int damaged = damaged();
    synchronized (this) {
      if (closed) {
        return;
      }
      suspended = null;
      tolerated = Math.max(mostDamaged, damaged);
    }
    logger.info("activation_resumed partition={} damaged={}", partition, damaged);
  }

  /** No more generations until the partition is opened again. */
  synchronized void close(String reason) {
    closed = true;
    suspended = reason;
    logger.error("activation_closed partition={} reason={}", partition, reason);
  }

  synchronized boolean isSuspended() {
    return suspended != null;
  }

  synchronized void requireOpen() throws ActivationSuspendedException {
    if (suspended != null) {
      throw new ActivationSuspendedException(suspended);
    }
  }

  synchronized ActivationStatus status() {
    return new ActivationStatus(refused, lastRefusal, refusedAt, suspended);
  }
}
