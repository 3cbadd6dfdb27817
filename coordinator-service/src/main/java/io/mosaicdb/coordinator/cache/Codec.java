package io.mosaicdb.coordinator.cache;

/** Values as bytes, for tiers outside the heap. */
public interface Codec<V> {
  byte[] encode(V value);

  /**
   * @throws RuntimeException if the bytes are not what {@link #encode} of this version makes
   */
  V decode(byte[] bytes);
}
