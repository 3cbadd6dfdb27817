package io.mosaicdb.coordinator.cache;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which keys were added lately, about: of two keys that share a place the later one stays, so it
 * may forget one early, and takes one for another once in 2^50 times. Thread-safe.
 */
final class RecentKeys {
  private static final int PLACES = 1 << 14;
  private final AtomicLongArray places = new AtomicLongArray(PLACES);

  /** Adds the key; whether it was there already. */
  boolean addAgain(CacheKey key) {
    long print = key.print();
    int place = (int) print & (PLACES - 1);
    return places.getAndSet(place, print) == print;
  }
}
