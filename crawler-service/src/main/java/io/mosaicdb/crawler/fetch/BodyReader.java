package io.mosaicdb.crawler.fetch;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * Reads a body as it comes, decodes it and stops at its bounds, so that no more than those is ever
 * held, whatever is sent.
 */
final class BodyReader {
  /** A body that cannot be used. */
  static final class UnusableBodyException extends IOException {
    private final FailureReason reason;

    UnusableBodyException(FailureReason reason, String message) {
      super(message);
      this.reason = reason;
    }

    FailureReason reason() {
      return reason;
    }
  }

  /** A body, and whether there was more of it than was to be read. */
  record Body(byte[] bytes, boolean cut) {}

  // Small bodies may expand as they like: an empty page of spaces is no attack.
  private static final long EXPANSION_COUNTS_FROM = 1 << 20;
  private static final int MOST_ENCODINGS = 2;
  private static final int MOST_AFTER_END = 64 << 10;

  private final long mostBytes;
  private final int mostExpansion;

  BodyReader(long mostBytes, int mostExpansion) {
    this.mostBytes = mostBytes;
    this.mostExpansion = mostExpansion;
  }

  /**
   * Reads a body to its end, or to the bound where {@code cuts}.
   *
   * @param encodings the Content-Encoding fields
   * @throws UnusableBodyException where it is too large, expands too much, or is not what its
   *     encoding says
   */
  Body read(InputStream sent, List<String> encodings, boolean cuts) throws IOException {
    var counted = new CountingStream(sent);
    InputStream decoded = counted;
    boolean expands = false;
    try {
      for (var encoding : decodings(encodings)) {
        decoded = decode(encoding, decoded);
        expands = true;
      }
      return read(decoded, counted, expands, cuts);
    } catch (ZipException e) {
      throw new UnusableBodyException(
          FailureReason.BAD_ENCODING, "the body is not in its encoding: " + e.getMessage());
    } catch (EOFException _) {
      throw new UnusableBodyException(
          FailureReason.TRUNCATED,
          "the compressed body ends early, after " + counted.count + " bytes");
    } finally {
      decoded.close();
    }
  }

  private Body read(InputStream decoded, CountingStream sent, boolean expands, boolean cuts)
      throws IOException {
    var body = new ByteArrayOutputStream(16 << 10);
    var buffer = new byte[16 << 10];
    long total = 0;
    for (int n = decoded.read(buffer); n >= 0; n = decoded.read(buffer)) {
      total += n;
      if (expands
          && total > EXPANSION_COUNTS_FROM
          && total > mostExpansion * Math.max(1, sent.count)) {
        throw new UnusableBodyException(
            FailureReason.DECOMPRESSION_BOMB,
            "%d bytes grew to more than %d: over %d times"
                .formatted(sent.count, total, mostExpansion));
      }
      if (total > mostBytes) {
        if (cuts) {
          body.write(buffer, 0, (int) (n - (total - mostBytes)));
          return new Body(body.toByteArray(), true);
        }
        throw new UnusableBodyException(
            FailureReason.TOO_LARGE, "the body is larger than " + mostBytes + " bytes");
      }
      body.write(buffer, 0, n);
    }
    // A compressed stream ends before the body does; only at that end is the connection free again.
    sent.readNBytes(MOST_AFTER_END);
    return new Body(body.toByteArray(), false);
  }

  // The encoding that was applied last comes off first.
  private static List<String> decodings(List<String> fields) throws UnusableBodyException {
    var decodings = new ArrayList<String>();
    for (var field : fields) {
      for (var encoding : field.toLowerCase(Locale.ROOT).split(",")) {
        switch (encoding.strip()) {
          case "", "identity" -> {}
          case "gzip", "x-gzip" -> decodings.addFirst("gzip");
          case "deflate" -> decodings.addFirst("deflate");
          default ->
              throw new UnusableBodyException(
                  FailureReason.BAD_ENCODING,
                  "the body is in " + encoding.strip() + ", which was not offered");
        }
      }
    }
    if (decodings.size() > MOST_ENCODINGS) {
      throw new UnusableBodyException(
          FailureReason.DECOMPRESSION_BOMB,
          "the body is encoded %d times, at most %d are undone"
              .formatted(decodings.size(), MOST_ENCODINGS));
    }
    return decodings;
  }

  private static InputStream decode(String encoding, InputStream encoded) throws IOException {
    var start = new PushbackInputStream(encoded, 2);
    var two = start.readNBytes(2);
    if (two.length == 0) {
      // No body has nothing to decode, whatever it says.
      return InputStream.nullInputStream();
    }
    start.unread(Arrays.copyOf(two, two.length));
    if (encoding.equals("gzip")) {
      return new GZIPInputStream(start, 8 << 10);
    }
    // The standard means zlib; many servers send the bare stream.
    boolean zlib =
        two.length == 2
            && (two[0] & 0x0f) == 8
            && (((two[0] & 0xff) << 8) | (two[1] & 0xff)) % 31 == 0;
    var inflater = new Inflater(!zlib);
    return new InflaterInputStream(start, inflater, 8 << 10) {
      @Override
      public void close() throws IOException {
        super.close();
        inflater.end();
      }
    };
  }

  private static final class CountingStream extends FilterInputStream {
    private long count;

    CountingStream(InputStream in) {
      super(in);
    }

    // What is left unread stays unread: the end of the exchange drops the connection.
    @Override
    public void close() {}

    @Override
    public int read() throws IOException {
      int read = super.read();
      count += read >= 0 ? 1 : 0;
      return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = super.read(bytes, offset, length);
      count += Math.max(0, n);
      return n;
    }
  }
}
