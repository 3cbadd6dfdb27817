package io.mosaicdb.storage.hash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of bytes and files, and the two spellings of it that names on disk use. */
public final class ContentHash {
  private static final char[] BASE32 = "abcdefghijklmnopqrstuvwxyz234567".toCharArray();

  private ContentHash() {}

  /** A fresh SHA-256 digest, which every Java platform has. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** SHA-256 of {@code bytes} in base32 (RFC 4648, lower case, no padding): 52 characters. */
  public static String base32OfBytes(byte[] bytes) {
    return base32(sha256().digest(bytes));
  }

  /** SHA-256 of the file's bytes in lower-case hexadecimal, as {@code sha256sum} prints it. */
  public static String hexOfFile(Path file) throws IOException {
    return hexOfFile(file, Pace.UNBOUNDED);
  }

  /** The same, no faster than {@code pace} allows. */
  public static String hexOfFile(Path file, Pace pace) throws IOException {
    var digest = sha256();
    var buffer = ByteBuffer.allocate(1 << 18);
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (channel.read(buffer) >= 0) {
        pace.read(buffer.position());
        digest.update(buffer.flip());
        buffer.clear();
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Base32 of any bytes (RFC 4648 alphabet in lower case, no padding). */
  public static String base32(byte[] bytes) {
    var text = new StringBuilder((bytes.length * 8 + 4) / 5);
    int pending = 0;
    int bits = 0;
    for (byte b : bytes) {
      pending = pending << 8 | (b & 0xff);
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        text.append(BASE32[pending >>> bits & 31]);
      }
      pending &= (1 << bits) - 1;
    }
    if (bits > 0) {
      text.append(BASE32[pending << (5 - bits) & 31]);
    }
    return text.toString();
  }
}
