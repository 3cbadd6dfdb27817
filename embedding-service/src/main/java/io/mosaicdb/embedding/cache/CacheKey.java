package io.mosaicdb.embedding.cache;

import io.mosaicdb.contract.embedding.EmbedderIdentity;
import io.mosaicdb.contract.embedding.TextKind;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Names a text's vector: the SHA-256 of all that decides it. Each part is preceded by its length,
 * so that different parts never make the same bytes.
 */
public final class CacheKey {
  static final int BYTES = 32;

  private final byte[] digest;

  private CacheKey(byte[] digest) {
    this.digest = digest;
  }

  public static CacheKey of(EmbedderIdentity embedder, TextKind kind, String text) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      update(sha256, embedder.id());
      update(sha256, embedder.revision());
      update(sha256, kind.name());
      update(sha256, text);
      return new CacheKey(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void update(MessageDigest digest, String part) {
    // Chars as they are: an encoder would replace lone surrogates and so make them equal.
    var bytes = ByteBuffer.allocate(Integer.BYTES + part.length() * Character.BYTES);
    bytes.putInt(part.length()).asCharBuffer().put(part);
    digest.update(bytes.array());
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
