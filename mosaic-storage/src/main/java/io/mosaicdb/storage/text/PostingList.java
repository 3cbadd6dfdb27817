package io.mosaicdb.storage.text;

import org.jspecify.annotations.Nullable;

/** All postings of a leaf in a sealed segment; {@code blocks[i]} is null where there are none. */
final class PostingList {
  static final PostingList EMPTY = new PostingList(new PostingBlock[0]);

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
