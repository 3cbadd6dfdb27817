package io.mosaicdb.worker.search;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.storage.search.PartitionSnapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Keeps what a search has read for the fetch that follows it, so that both see the same documents.
 * A lease is references to immutable snapshots: it costs memory only where a segment has been
 * replaced meanwhile. Thread-safe.
 */
public final class SnapshotLeases {
  private static final int MOST = 20_000;

  private final Duration time;
  private final Clock clock;
  private final Map<String, Lease> leases = new HashMap<>();
  private final Deque<Lease> byAge = new ArrayDeque<>();

  private record Lease(String id, Instant until, List<PartitionSnapshot> snapshots) {}

  public SnapshotLeases(Duration time, Clock clock) {
    this.time = time;
    this.clock = clock;
  }

  /** Keeps {@code snapshots} for the lease's time and returns its id. */
  String grant(List<PartitionSnapshot> snapshots) {
    var id = Long.toHexString(ThreadLocalRandom.current().nextLong());
    var now = clock.instant();
    var lease = new Lease(id, now.plus(time), List.copyOf(snapshots));
    synchronized (this) {
      while (!byAge.isEmpty() && (byAge.size() >= MOST || byAge.getFirst().until().isBefore(now))) {
        leases.remove(byAge.removeFirst().id());
      }
      byAge.addLast(lease);
      leases.put(id, lease);
    }
    return id;
  }

  /** The snapshot of a partition; {@code snapshot_gone} if the lease has ended. */
  PartitionSnapshot require(String id, int partition) {
    Lease lease;
    synchronized (this) {
      lease = leases.get(id);
    }
    if (lease != null) {
      for (PartitionSnapshot snapshot : lease.snapshots()) {
        if (snapshot.partition() == partition) {
          return snapshot;
        }
      }
    }
    throw new MosaicException(
        ErrorCode.SNAPSHOT_GONE,
        "the search's snapshot is kept for " + time.toSeconds() + " s only");
  }
}
