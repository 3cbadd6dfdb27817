package io.mosaicdb.storage.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The postings of one term while documents are still being added: a byte stream that only grows.
 * One thread appends; any thread may read what was published before.
 *
 * <p>A posting is: ordinal minus the previous ordinal (the first: minus -1), the frequency in each
 * field of the group, the number of bytes of the positions, the positions field by field (each
 * minus the one before in that field, the first minus 0); all varints.
 *
 * <p>The writer stores bytes, then publishes their number with release semantics; a reader loads
 * the number first and the array second, so it never sees an array that lacks bytes it was
 * promised.
 */
final class TermStream implements Lexicon.Entry {
  private static final VarHandle PUBLISHED;
  private static final VarHandle BYTES;

  static {
    try {
      var lookup = MethodHandles.lookup();
      PUBLISHED = lookup.findVarHandle(TermStream.class, "published", int.class);
      BYTES = lookup.findVarHandle(TermStream.class, "bytes", byte[].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final int FIRST_CAPACITY = 12;

  final String term;
  final int hash;
  private byte[] bytes = new byte[FIRST_CAPACITY];
  private int published;
  private int last = -1;
  private int count;
  // Where the document being added has put this term; only the writer looks.
  int slotDocument = -1;
  int slot;
  @Nullable WordForm forms;

  TermStream(String term, int hash) {
    this.term = term;
    this.hash = hash;
  }

  /** Appends one posting; {@code body} is everything after the ordinal. Returns bytes grown by. */
  int append(int ordinal, ByteSink body) {
    int needed = published + 5 + body.size();
    var target = bytes;
    int grown = 0;
    if (needed > target.length) {
      target = Arrays.copyOf(target, Math.max(needed, target.length + (target.length >> 1)));
      grown = target.length - bytes.length;
      BYTES.setRelease(this, target);
    }
    int at = published;
    int rest = ordinal - last;
    while ((rest & ~0x7F) != 0) {
      target[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    target[at++] = (byte) rest;
    System.arraycopy(body.array(), 0, target, at, body.size());
    last = ordinal;
    count++;
    PUBLISHED.setRelease(this, at + body.size());
    return grown;
  }

  @Override
  public String word() {
    return term;
  }

  @Override
  public String term() {
    return term;
  }

  @Override
  public long documents() {
    return count;
  }

  /** How many postings there are; the writer's count, exact once writing has ended. */
  int count() {
    return count;
  }

  /** Walks the postings published by now. */
  Cursor cursor(int fields) {
    int end = (int) PUBLISHED.getAcquire(this);
    return new Cursor((byte[]) BYTES.getAcquire(this), end, fields);
  }

  /** A position in a stream; starts before the first posting. */
  static final class Cursor {
    private final ByteSource source;
    private final byte[] bytes;
    private final int end;
    final int[] frequencies;
    int ordinal = -1;
    int positionsAt;
    int positionsLength;
    private int next;

    Cursor(byte[] bytes, int end, int fields) {
      this.bytes = bytes;
      this.source = new ByteSource(bytes, 0);
      this.end = end;
      this.frequencies = new int[fields];
    }

    boolean next() {
      if (next >= end) {
        return false;
      }
      source.skip(next - source.position());
      ordinal += source.varint();
      for (int i = 0; i < frequencies.length; i++) {
        frequencies[i] = source.varint();
      }
      positionsLength = source.varint();
      positionsAt = source.position();
      next = positionsAt + positionsLength;
      return true;
    }

    byte[] bytes() {
      return bytes;
    }
  }
}
