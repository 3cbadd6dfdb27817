package io.mosaicdb.storage.text;

import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The memory that the text indexes of a process share: unpacked postings, bounded in bytes, and
 * accumulators. Thread-safe.
 *
 * <p>Postings are evicted by second chance: an entry that was used since the hand last passed it
 * stays for another round. Reading takes no lock. The bound is exceeded by what one thread loads
 * before it evicts; an entry larger than half the bound is not kept at all.
 */
public final class TextIndexMemory {
  private final long capacity;
  private final AtomicLong used = new AtomicLong();
  private final ConcurrentHashMap<Key, Entry> entries = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Accumulators> idle = new ConcurrentLinkedQueue<>();
  private final ReentrantLock eviction = new ReentrantLock();
  private Iterator<Entry> hand = entries.values().iterator();

  /** {@code capacityBytes}: 50 MB hold the postings of about 100,000 documents of 110 words. */
  public TextIndexMemory(long capacityBytes) {
    if (capacityBytes < 0) {
      throw new IllegalArgumentException("capacity must be >= 0 bytes, got " + capacityBytes);
    }
    this.capacity = capacityBytes;
  }

  public long capacityBytes() {
    return capacity;
  }

  public long usedBytes() {
    return used.get();
  }

  /** {@code leaf}: what names the postings within those of {@code owner}. */
  PostingList postings(Object owner, Object leaf, Supplier<PostingList> load) {
    var key = new Key(owner, leaf);
    var entry = entries.get(key);
    if (entry != null) {
      if (!entry.touched) {
        entry.touched = true;
      }
      return entry.postings;
    }
    var loaded = load.get();
    long bytes = loaded.bytes() + 200;
    if (bytes > capacity / 2) {
      return loaded;
    }
    if (entries.putIfAbsent(key, new Entry(key, loaded, bytes)) == null
        && used.addAndGet(bytes) > capacity) {
      evict();
    }
    return loaded;
  }

  /** Drops what an index that is being closed has here. */
  @SuppressWarnings("ReferenceEquality") // an owner is that object, not one equal to it
  void forget(Object owner) {
    entries.forEach((key, entry) -> {
      if (key.owner == owner && entries.remove(key, entry)) {
        used.addAndGet(-entry.bytes);
      }
    });
  }

  Accumulators borrow() {
    var accumulators = idle.poll();
    return accumulators == null ? new Accumulators() : accumulators;
  }

  /** Only all-zero accumulators may be given back. */
  void giveBack(Accumulators accumulators) {
    idle.offer(accumulators);
  }

  private void evict() {
    eviction.lock();
    try {
      long target = capacity - capacity / 16;
      // Two rounds reach every entry, touched or not.
      for (long steps = 2L * entries.size() + 2; steps > 0 && used.get() > target; steps--) {
        if (!hand.hasNext()) {
          hand = entries.values().iterator();
          continue;
        }
        var entry = hand.next();
        if (entry.touched) {
          entry.touched = false;
        } else if (entries.remove(entry.key, entry)) {
          used.addAndGet(-entry.bytes);
        }
      }
    } finally {
      eviction.unlock();
    }
  }

  /** One query's working memory; the shorts are all zero between queries. */
  static final class Accumulators {
    final short[] values = new short[PostingBlock.SPAN];
    final int[] hits = new int[4096];
    final short[] contributions = new short[256];
  }

  private record Key(Object owner, Object leaf) {
    @Override
    @SuppressWarnings("ReferenceEquality") // an owner is that object, not one equal to it
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && owner == key.owner && leaf.equals(key.leaf);
    }

    @Override
    public int hashCode() {
      return 31 * System.identityHashCode(owner) + leaf.hashCode();
    }
  }

  private static final class Entry {
    final Key key;
    final PostingList postings;
    final long bytes;
    volatile boolean touched;

    Entry(Key key, PostingList postings, long bytes) {
      this.key = key;
      this.postings = postings;
      this.bytes = bytes;
    }
  }
}
