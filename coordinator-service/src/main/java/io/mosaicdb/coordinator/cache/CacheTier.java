package io.mosaicdb.coordinator.cache;

import java.util.Map;
import java.util.Optional;

/**
 * A bounded place for answers. It may forget anything at any time, and never gives what has
 * expired. What it cannot read it does not have; no method throws because of the place itself.
 * Thread-safe.
 */
public interface CacheTier<V> extends AutoCloseable {
  /** As in metrics: memory, disk. */
  String name();

  Optional<Kept<V>> find(CacheKey key);

  /** Whether {@link #find} would probably find it; cheap. */
  boolean mayHave(CacheKey key);

  /** Keeps the value in place of any earlier one, unless it is too large or there is no time. */
  void put(CacheKey key, Kept<V> kept);

  /** Keeps all of them; takes the time that this needs. */
  void putAll(Map<CacheKey, Kept<V>> entries);

  /** What ends with the process and has not expired; nothing for a tier that outlives it. */
  Map<CacheKey, Kept<V>> passing();

  /** Notes a use of what is kept: its uses and its expiry are {@code kept}'s from here on. */
  void used(CacheKey key, Kept<V> kept);

  void remove(CacheKey key);

  /** Entries, and their bytes as far as they are known. */
  Size size();

  /** Keeps what was put so far, where the tier outlives the process. */
  @Override
  void close();

  record Size(long entries, long bytes) {}
}
