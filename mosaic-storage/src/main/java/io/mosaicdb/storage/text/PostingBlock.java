package io.mosaicdb.storage.text;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The postings of a term within one range of {@value #SPAN} document ordinals.
 *
 * <p>A sparse block lists ordinals; a dense one, for terms in at least every eighth document, has
 * an impact for every ordinal of the range, 0 where the term is absent, and is added up without any
 * indirection. A posting's frequencies in the fields of its group are a <em>code</em>, a number
 * into the block's table of distinct combinations; a block with one combination has no codes.
 */
final class PostingBlock {
  static final int SPAN = 1 << 16;
  static final int DENSE_FROM = 8;
  private static final int DENSE_SPAN = 4096;

  final int count;
  final int maximumImpact;
  final char @Nullable [] ordinals;
  final byte[] impacts;
  final byte @Nullable [] codes;
  final byte @Nullable [] highCodes;
  final int[] frequencies;

  PostingBlock(
      int count,
      int maximumImpact,
      char @Nullable [] ordinals,
      byte[] impacts,
      byte @Nullable [] codes,
      byte @Nullable [] highCodes,
      int[] frequencies) {
    this.count = count;
    this.maximumImpact = maximumImpact;
    this.ordinals = ordinals;
    this.impacts = impacts;
    this.codes = codes;
    this.highCodes = highCodes;
    this.frequencies = frequencies;
  }

  static boolean isDense(int count, int span) {
    return span >= DENSE_SPAN && (long) count * DENSE_FROM >= span;
  }

  /** The place of {@code low} (an ordinal within the range) in the arrays, or negative. */
  int find(int low) {
    if (ordinals != null) {
      return Arrays.binarySearch(ordinals, (char) low);
    }
    return low < impacts.length && impacts[low] != 0 ? low : -1;
  }

  /** Where in {@link #frequencies} the combination of the posting at {@code place} starts. */
  int frequenciesAt(int place, int fields) {
    int code = codes == null ? 0 : codes[place] & 0xFF;
    if (highCodes != null) {
      code |= (highCodes[place] & 0xFF) << 8;
    }
    return code * fields;
  }

  long bytes() {
    return 96
        + impacts.length
        + (ordinals == null ? 0 : 2L * ordinals.length)
        + (codes == null ? 0 : codes.length)
        + (highCodes == null ? 0 : highCodes.length)
        + 4L * frequencies.length;
  }

  void encode(ByteSink sink, int fields) {
    int combinations = frequencies.length / fields;
    sink.varint((ordinals == null ? 1 : 0) | (highCodes == null ? 0 : 2));
    sink.varint(count);
    sink.u8(maximumImpact);
    sink.varint(combinations);
    for (int frequency : frequencies) {
      sink.varint(frequency);
    }
    if (ordinals == null) {
      sink.varint(impacts.length);
    } else {
      for (char ordinal : ordinals) {
        sink.u16(ordinal);
      }
    }
    sink.write(impacts, 0, impacts.length);
    if (codes != null) {
      sink.write(codes, 0, codes.length);
    }
    if (highCodes != null) {
      sink.write(highCodes, 0, highCodes.length);
    }
  }

  static PostingBlock decode(ByteSource source, int fields) {
    int form = source.varint();
    int count = source.varint();
    int maximumImpact = source.u8();
    var frequencies = new int[source.varint() * fields];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = source.varint();
    }
    char[] ordinals = null;
    int length = count;
    if ((form & 1) != 0) {
      length = source.varint();
    } else {
      ordinals = new char[count];
      source.read(ordinals);
    }
    var impacts = new byte[length];
    source.read(impacts);
    byte[] codes = null;
    byte[] highCodes = null;
    if (frequencies.length > fields) {
      codes = new byte[length];
      source.read(codes);
    }
    if ((form & 2) != 0) {
      highCodes = new byte[length];
      source.read(highCodes);
    }
    return new PostingBlock(count, maximumImpact, ordinals, impacts, codes, highCodes, frequencies);
  }
}
