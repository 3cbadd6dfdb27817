package io.mosaicdb.coordinator.cache;

class MemoryTierTest extends CacheTierContract {
  @Override
  CacheTier<String> open() {
    return new MemoryTier<>(MAX_BYTES, String::length, clock);
  }
}
