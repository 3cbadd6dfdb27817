package io.mosaicdb.storage.text;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Packs postings into blocks: quantizes impacts, chooses sparse or dense, and numbers the distinct
 * combinations of frequencies in order of appearance. Reused from term to term; not thread-safe.
 */
final class PostingPacker {
  private static final double QUANTA = 255;

  private final int documents;
  private int[] codeTable = new int[1024];
  private int[] usedPlaces = new int[512];
  private int[] combinations = new int[64];
  private int[] codes = new int[64];
  private int combinationCount;

  PostingPacker(int documents) {
    this.documents = documents;
  }

  PostingList pack(Postings postings, FieldSelection selection, LengthNorm norm) {
    if (postings.count() == 0) {
      return PostingList.EMPTY;
    }
    int lastBlock = postings.ordinal(postings.count() - 1) >>> 16;
    var blocks = new @Nullable PostingBlock[lastBlock + 1];
    for (int from = 0; from < postings.count(); ) {
      int number = postings.ordinal(from) >>> 16;
      int to =
          number == lastBlock
              ? postings.count()
              : postings.lowerBound((number + 1) * PostingBlock.SPAN);
      blocks[number] = block(postings, from, to, number, selection, norm);
      from = to;
    }
    return new PostingList(blocks);
  }

  private PostingBlock block(
      Postings postings, int from, int to, int number, FieldSelection selection, LengthNorm norm) {
    int base = number * PostingBlock.SPAN;
    int count = to - from;
    int span = (Math.min(PostingBlock.SPAN, documents - base) + 63) & ~63;
    boolean dense = PostingBlock.isDense(count, span);
    int length = dense ? span : count;
    number(postings, from, to);
    var ordinals = dense ? null : new char[count];
    var impacts = new byte[length];
    var low = combinationCount > 1 ? new byte[length] : null;
    var high = combinationCount > 256 ? new byte[length] : null;
    int maximum = 0;
    for (int i = 0; i < count; i++) {
      int ordinal = postings.ordinal(from + i);
      int place = dense ? ordinal - base : i;
      if (ordinals != null) {
        ordinals[i] = (char) (ordinal - base);
      }
      double frequency =
          selection.weightedFrequency(postings.frequencies(), postings.frequenciesAt(from + i));
      int impact = Math.max(1, (int) (QUANTA * Bm25.impact(frequency, norm.of(ordinal)) + 0.5));
      maximum = Math.max(maximum, impact);
      impacts[place] = (byte) impact;
      if (low != null) {
        low[place] = (byte) codes[i];
      }
      if (high != null) {
        high[place] = (byte) (codes[i] >>> 8);
      }
    }
    return new PostingBlock(
        count,
        maximum,
        ordinals,
        impacts,
        low,
        high,
        Arrays.copyOf(combinations, combinationCount * postings.fields));
  }

  /** Fills {@link #codes} for the postings and {@link #combinations} with what the codes mean. */
  private void number(Postings postings, int from, int to) {
    int fields = postings.fields;
    var frequencies = postings.frequencies();
    if (codes.length < to - from) {
      codes = new int[Math.max(to - from, codes.length * 2)];
    }
    combinationCount = 0;
    for (int i = from; i < to; i++) {
      int at = postings.frequenciesAt(i);
      codes[i - from] =
          i > from && same(frequencies, at, frequencies, at - fields, fields)
              ? codes[i - from - 1]
              : code(frequencies, at, fields);
    }
    for (int i = 0; i < combinationCount; i++) {
      codeTable[usedPlaces[i]] = 0;
    }
  }

  private int code(int[] frequencies, int at, int fields) {
    int hash = 0;
    for (int i = 0; i < fields; i++) {
      hash = (hash + frequencies[at + i]) * 0x9E3779B1;
    }
    int mask = codeTable.length - 1;
    int place = hash >>> 12 & mask;
    for (int code; (code = codeTable[place] - 1) >= 0; place = (place + 1) & mask) {
      if (same(frequencies, at, combinations, code * fields, fields)) {
        return code;
      }
    }
    int code = combinationCount++;
    if (combinations.length < combinationCount * fields) {
      combinations = Arrays.copyOf(combinations, combinationCount * fields * 2);
    }
    System.arraycopy(frequencies, at, combinations, code * fields, fields);
    codeTable[place] = code + 1;
    usedPlaces[code] = place;
    if (combinationCount * 2 == codeTable.length) {
      growTable(fields);
    }
    return code;
  }

  private void growTable(int fields) {
    codeTable = new int[codeTable.length * 2];
    usedPlaces = new int[codeTable.length / 2];
    int count = combinationCount;
    var known = combinations;
    combinations = new int[known.length];
    combinationCount = 0;
    for (int code = 0; code < count; code++) {
      code(known, code * fields, fields);
    }
  }

  private static boolean same(int[] a, int aFrom, int[] b, int bFrom, int length) {
    for (int i = 0; i < length; i++) {
      if (a[aFrom + i] != b[bFrom + i]) {
        return false;
      }
    }
    return true;
  }
}
