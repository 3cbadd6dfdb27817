package io.mosaicdb.storage.bits;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * An immutable set of ordinals in {@code [0, size)}, one bit each.
 *
 * <p>The words are laid out like {@link java.util.BitSet#toLongArray()}, bit {@code i & 63} of word
 * {@code i >>> 6}; bits at or above {@code size} are always zero. {@link #words()} hands out the
 * array itself so that a scan can test 64 ordinals at a time: callers must not write to it.
 */
public final class OrdinalSet {
  private final long[] words;
  private final int size;

  private OrdinalSet(long[] words, int size) {
    this.words = words;
    this.size = size;
  }

  /** Takes ownership of {@code words}, clearing bits at or above {@code size}. */
  public static OrdinalSet wrap(long[] words, int size) {
    int needed = wordsFor(size);
    if (words.length < needed) {
      throw new IllegalArgumentException(
          "size " + size + " needs " + needed + " words, got " + words.length);
    }
    var exact = words.length == needed ? words : Arrays.copyOf(words, needed);
    if ((size & 63) != 0) {
      exact[needed - 1] &= -1L >>> -size;
    }
    return new OrdinalSet(exact, size);
  }

  public static OrdinalSet none(int size) {
    return new OrdinalSet(new long[wordsFor(size)], size);
  }

  public static OrdinalSet all(int size) {
    var words = new long[wordsFor(size)];
    Arrays.fill(words, -1L);
    return wrap(words, size);
  }

  public static int wordsFor(int size) {
    return (size + 63) >>> 6;
  }

  public int size() {
    return size;
  }

  public boolean contains(int ordinal) {
    return (words[ordinal >>> 6] >>> ordinal & 1) != 0;
  }

  public int cardinality() {
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    return count;
  }

  public boolean isFull() {
    return cardinality() == size;
  }

  public long[] words() {
    return words;
  }

  public OrdinalSet and(OrdinalSet other) {
    var result = new long[words.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = words[i] & other.words[i];
    }
    return new OrdinalSet(result, size);
  }

  public OrdinalSet or(OrdinalSet other) {
    var result = new long[words.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = words[i] | other.words[i];
    }
    return new OrdinalSet(result, size);
  }

  public OrdinalSet andNot(OrdinalSet other) {
    var result = new long[words.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = words[i] & ~other.words[i];
    }
    return new OrdinalSet(result, size);
  }

  public OrdinalSet not() {
    var result = new long[words.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = ~words[i];
    }
    return wrap(result, size);
  }

  /** A copy without {@code ordinal}. */
  public OrdinalSet without(int ordinal) {
    var result = words.clone();
    result[ordinal >>> 6] &= ~(1L << ordinal);
    return new OrdinalSet(result, size);
  }

  /** A set of {@code newSize >= size} ordinals whose added ones are all present. */
  public OrdinalSet extendedTo(int newSize) {
    var result = Arrays.copyOf(words, wordsFor(newSize));
    for (int i = size; i < newSize; i++) {
      result[i >>> 6] |= 1L << i;
    }
    return new OrdinalSet(result, newSize);
  }

  /** Visits the ordinals in ascending order. */
  public void forEach(IntConsumer visitor) {
    for (int i = 0; i < words.length; i++) {
      for (long word = words[i]; word != 0; word &= word - 1) {
        visitor.accept((i << 6) + Long.numberOfTrailingZeros(word));
      }
    }
  }
}
