package io.mosaicdb.storage.text;

import java.nio.charset.StandardCharsets;
import java.util.Collection;

/**
 * Tells which terms a shard certainly lacks: 10 bits a term and 7 probes, at most 1% of the terms
 * that it lacks are answered "perhaps". Lets a router leave out shards without changing an answer.
 *
 * <p>Serialised (little-endian): u8 version (1), u8 probes, u16 zero, u32 number of terms, u64
 * number of bits, then the bits in u64 words, bit i being bit {@code i & 63} of word {@code i >>
 * 6}. Probe i is bit {@code (h1 + i * h2) mod bits} (unsigned), h1 the FNV-1a 64 of the term's
 * UTF-8 through the finalizer of SplitMix64, h2 that of h1 with its lowest bit set.
 */
public final class TermBloomFilter {
  private static final int VERSION = 1;
  private static final int BITS_PER_TERM = 10;
  private static final int PROBES = 7;

  private final long[] words;
  private final long bits;
  private final int terms;

  private TermBloomFilter(long[] words, long bits, int terms) {
    this.words = words;
    this.bits = bits;
    this.terms = terms;
  }

  public static TermBloomFilter of(Collection<String> terms) {
    var filter = sizedFor(terms.size());
    terms.forEach(term -> filter.add(term.getBytes(StandardCharsets.UTF_8)));
    return filter;
  }

  static TermBloomFilter sizedFor(int terms) {
    int words = (int) (((long) Math.max(terms, 1) * BITS_PER_TERM + 63) >>> 6);
    return new TermBloomFilter(new long[words], words * 64L, terms);
  }

  public static TermBloomFilter parse(byte[] serialized) {
    var source = new ByteSource(serialized, 0);
    int version = source.u8();
    int probes = source.u8();
    if (version != VERSION || probes != PROBES) {
      throw new IllegalArgumentException(
          "term filter has version " + version + " and " + probes + " probes, expected 1 and 7");
    }
    source.skip(2);
    int terms = source.u32();
    long bits = source.u64();
    if (bits <= 0 || bits != (serialized.length - 16) * 8L) {
      throw new IllegalArgumentException(
          "term filter says " + bits + " bits but has " + (serialized.length - 16) + " bytes");
    }
    var words = new long[(int) (bits >>> 6)];
    for (int i = 0; i < words.length; i++) {
      words[i] = source.u64();
    }
    return new TermBloomFilter(words, bits, terms);
  }

  public byte[] toByteArray() {
    var sink = new ByteSink(16 + words.length * 8);
    sink.u8(VERSION);
    sink.u8(PROBES);
    sink.u16(0);
    sink.u32(terms);
    sink.u64(bits);
    for (long word : words) {
      sink.u64(word);
    }
    return sink.toByteArray();
  }

  public boolean mightContain(String term) {
    long hash = hash(term.getBytes(StandardCharsets.UTF_8));
    long step = mix(hash) | 1;
    for (int i = 0; i < PROBES; i++) {
      long bit = Long.remainderUnsigned(hash + i * step, bits);
      if ((words[(int) (bit >>> 6)] >>> bit & 1) == 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether a document of the shard might match; false is certain. */
  public boolean mightMatch(TextQuery query) {
    return switch (query) {
      case TextQuery.Term term -> mightContain(term.term());
      case TextQuery.AnyTerm any -> any.terms().stream().anyMatch(this::mightContain);
      // The dictionary itself would have to be read.
      case TextQuery.Prefix _, TextQuery.Near _ -> terms > 0;
      case TextQuery.Phrase phrase ->
          phrase.terms().stream().allMatch(term -> mightContain(term.term()));
      case TextQuery.Weighted weighted -> mightMatch(weighted.query());
      case TextQuery.Bool bool ->
          bool.must().stream().allMatch(this::mightMatch)
              && (!bool.must().isEmpty() || !bool.should().isEmpty())
              && bool.should().stream().filter(this::mightMatch).count() >= bool.effectiveMinimum();
    };
  }

  void add(byte[] term) {
    long hash = hash(term);
    long step = mix(hash) | 1;
    for (int i = 0; i < PROBES; i++) {
      long bit = Long.remainderUnsigned(hash + i * step, bits);
      words[(int) (bit >>> 6)] |= 1L << bit;
    }
  }

  private static long hash(byte[] term) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : term) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
    }
    return mix(hash);
  }

  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
