package io.mosaicdb.storage.text;

import io.mosaicdb.storage.bits.OrdinalSet;
import org.jspecify.annotations.Nullable;

/** All postings of a leaf in a sealed segment; {@code blocks[i]} is null where there are none. */
final class PostingList {
  static final PostingList EMPTY = new PostingList(new PostingBlock[0]);

  /** Looking up an ordinal costs about as much as passing over this many. */
  private static final int SEEK_COST = 16;

  private final @Nullable PostingBlock[] blocks;
  private final int count;

  PostingList(@Nullable PostingBlock[] blocks) {
    this.blocks = blocks;
    int sum = 0;
    for (var block : blocks) {
      sum += block == null ? 0 : block.count;
    }
    this.count = sum;
  }

  int count() {
    return count;
  }

  int blockCount() {
    return blocks.length;
  }

  @Nullable PostingBlock block(int number) {
    return number < blocks.length ? blocks[number] : null;
  }

  long bytes() {
    long sum = 64 + 8L * blocks.length;
    for (var block : blocks) {
      sum += block == null ? 0 : block.bytes();
    }
    return sum;
  }

  Postings decode(int fields) {
    var postings = new Postings(fields, count);
    for (int number = 0; number < blocks.length; number++) {
      var block = blocks[number];
      if (block == null) {
        continue;
      }
      int base = number * PostingBlock.SPAN;
      if (block.ordinals != null) {
        for (int i = 0; i < block.count; i++) {
          postings.add(base + block.ordinals[i], block.frequencies, block.frequenciesAt(i, fields));
        }
      } else {
        for (int i = 0; i < block.impacts.length; i++) {
          if (block.impacts[i] != 0) {
            postings.add(base + i, block.frequencies, block.frequenciesAt(i, fields));
          }
        }
      }
    }
    return postings;
  }

  /** How many of its documents are in {@code ordinals}, which has {@code size} members. */
  int countIn(OrdinalSet ordinals, int size) {
    if (size == 0 || count == 0) {
      return 0;
    }
    var found = new int[1];
    if (size < count / SEEK_COST) {
      ordinals.forEach(ordinal -> {
        var block = block(ordinal / PostingBlock.SPAN);
        if (block != null && block.find(ordinal % PostingBlock.SPAN) >= 0) {
          found[0]++;
        }
      });
      return found[0];
    }
    var words = new long[ordinals.words().length];
    markIn(words);
    int both = 0;
    for (int i = 0; i < words.length; i++) {
      both += Long.bitCount(words[i] & ordinals.words()[i]);
    }
    return both;
  }

  void markIn(long[] words) {
    for (int number = 0; number < blocks.length; number++) {
      var block = blocks[number];
      if (block == null) {
        continue;
      }
      int base = number * PostingBlock.SPAN;
      if (block.ordinals != null) {
        for (char ordinal : block.ordinals) {
          words[(base + ordinal) >>> 6] |= 1L << ordinal;
        }
      } else {
        for (int i = 0; i < block.impacts.length; i++) {
          if (block.impacts[i] != 0) {
            words[(base + i) >>> 6] |= 1L << i;
          }
        }
      }
    }
  }
}
