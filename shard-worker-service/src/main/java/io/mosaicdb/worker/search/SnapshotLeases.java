package io.mosaicdb.worker.search;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.storage.partition.ShardReaders;
import io.mosaicdb.storage.search.PartitionSnapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Keeps what a search has read for the fetch that follows it, so that both see the same documents.
 * A lease is references to immutable snapshots: it costs memory only where a segment has been
 * replaced meanwhile, which then stays open. Thread-safe.
 */
public final class SnapshotLeases {
  private static final int MOST = 20_000;

  private final Duration time;
  private final Clock clock;
  private final Map<String, Lease> leases = new HashMap<>();
  private final Deque<Lease> byAge = new ArrayDeque<>();

  private record Lease(
      String id, Instant until, List<PartitionSnapshot> snapshots, ShardReaders.Reading reading) {}

  public SnapshotLeases(Duration time, Clock clock) {
    this.time = time;
    this.clock = clock;
  }

  /**
   * Keeps {@code snapshots} for the lease's time and returns its id.
   *
   * @param reading of those who took them
   */
  String grant(List<PartitionSnapshot> snapshots, ShardReaders.Reading reading) {
    var id = Long.toHexString(ThreadLocalRandom.current().nextLong());
    var now = clock.instant();
    var lease = new Lease(id, now.plus(time), List.copyOf(snapshots), reading.again());
    List<Lease> ended;
    synchronized (this) {
      ended = end(now, MOST - 1);
      byAge.addLast(lease);
      leases.put(id, lease);
    }
    ended.forEach(each -> each.reading().close());
    return id;
  }

  /** Lets go what leases hold whose time is over. */
  public void sweep() {
    List<Lease> ended;
    synchronized (this) {
      ended = end(clock.instant(), MOST);
    }
    ended.forEach(each -> each.reading().close());
  }

  private List<Lease> end(Instant now, int most) {
    var ended = new ArrayList<Lease>();
    while (!byAge.isEmpty() && (byAge.size() > most || byAge.getFirst().until().isBefore(now))) {
      var lease = byAge.removeFirst();
      leases.remove(lease.id());
      ended.add(lease);
    }
    return ended;
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
