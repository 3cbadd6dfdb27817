package io.mosaicdb.coordinator.cache;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Names an answer: the SHA-256 of everything that was asked. */
public final class CacheKey {
  static final int BYTES = 32;
  private final byte[] digest;

  private CacheKey(byte[] digest) {
    this.digest = digest;
  }

  /** Each part is preceded by its length, so that different parts never make the same bytes. */
  public static CacheKey of(byte[]... parts) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      for (var part : parts) {
        sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
        sha256.update(part);
      }
      return new CacheKey(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static CacheKey ofDigest(byte[] digest) {
    if (digest.length != BYTES) {
      throw new IllegalArgumentException("a key has " + BYTES + " bytes, got " + digest.length);
    }
    return new CacheKey(digest.clone());
  }

  /** A number that differs between keys, as good as always. */
  long print() {
    return ByteBuffer.wrap(digest).getLong();
  }

  byte[] digest() {
    return digest.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CacheKey that && Arrays.equals(digest, that.digest);
  }

  @Override
  public int hashCode() {
    return ByteBuffer.wrap(digest).getInt();
  }
}
