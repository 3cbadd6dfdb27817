package io.mosaicdb.storage.partition;

import io.mosaicdb.storage.shard.SealedShard;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Who reads shards, so that a shard which left its partition is closed when the last of those who
 * may have met it has ended, and not before: its connections, its mapping and its memory go then.
 *
 * <p>Time is counted in shards that left. Who begins to read notes the time; a shard that leaves
 * waits until nobody reads who began before it left. A reader asks a partition for its snapshot
 * after it has begun. One object serves all partitions of a process. Thread-safe.
 */
public final class ShardReaders {
  private final TreeMap<Long, Integer> readers = new TreeMap<>();
  private final Deque<Left> waiting = new ArrayDeque<>();
  private long now;

  private record Left(long at, SealedShard shard) {}

  /** Every shard that a snapshot shows which is taken from now on stays open until it is closed. */
  public Reading begin() {
    synchronized (this) {
      readers.merge(now, 1, Integer::sum);
      return new Reading(now);
    }
  }

  /** Somebody who reads. Closing it twice is harmless. */
  public final class Reading implements AutoCloseable {
    private final long since;
    private final AtomicBoolean ended = new AtomicBoolean();

    private Reading(long since) {
      this.since = since;
    }

    /** Another reader of the same snapshots, who may go on when this one has ended. */
    public Reading again() {
      synchronized (ShardReaders.this) {
        if (ended.get()) {
          throw new IllegalStateException("the reader has ended");
        }
        readers.merge(since, 1, Integer::sum);
        return new Reading(since);
      }
    }

    @Override
    public void close() {
      List<SealedShard> free;
      synchronized (ShardReaders.this) {
        if (!ended.compareAndSet(false, true)) {
          return;
        }
        readers.computeIfPresent(since, (_, count) -> count == 1 ? null : count - 1);
        free = unread();
      }
      free.forEach(SealedShard::close);
    }
  }

  /** Closes a shard when nobody reads it any more; no new snapshot shows it. */
  void leave(SealedShard shard) {
    List<SealedShard> free;
    synchronized (this) {
      waiting.addLast(new Left(now++, shard));
      free = unread();
    }
    free.forEach(SealedShard::close);
  }

  private List<SealedShard> unread() {
    Map.Entry<Long, Integer> oldest = readers.firstEntry();
    var free = new ArrayList<SealedShard>();
    while (!waiting.isEmpty() && (oldest == null || waiting.getFirst().at() < oldest.getKey())) {
      free.add(waiting.removeFirst().shard());
    }
    return free;
  }

  /** Shards that have left and are still read. */
  public synchronized int waiting() {
    return waiting.size();
  }
}
