package io.mosaicdb.storage.vector;

/**
 * Where things lie in the codes and in the rows of bytes; {@code DESIGN.md} specifies both.
 *
 * <p>Codes are longs on the heap: loops over an array need no bounds checks, which makes the scan
 * 1.4 times as fast as over a memory segment. A <i>block</i> of codes holds eight vectors: for each
 * 64 dimensions eight longs, one a vector, then eight factors and eight offsets (float32, two a
 * long, the first in the low half). A <i>row</i> holds one vector, off the heap: a signed byte a
 * dimension, padded with zeros, then its step and its offset (float32, little-endian).
 */
record CodeLayout(int dimensions) {
  /** Bounds what a query, a row and a code may cost; sqlite-vec allows no more either. */
  static final int MAX_DIMENSIONS = 8192;

  CodeLayout {
    if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
      throw new IllegalArgumentException(
          "dimensions must be between 1 and " + MAX_DIMENSIONS + ", got " + dimensions);
    }
  }

  /** Longs that the bits of one vector take. */
  int words() {
    return (dimensions + 63) >>> 6;
  }

  /** Longs that a block takes. */
  int blockLongs() {
    return (words() + 1) * VectorKernels.BLOCK;
  }

  /** Which long holds word {@code word} of the vector at {@code position}. */
  int wordAt(int position, int word) {
    return blockAt(position) + word * VectorKernels.BLOCK + (position & 7);
  }

  /** The first long of the block that holds {@code position}. */
  int blockAt(int position) {
    return Math.multiplyExact(position >>> 3, blockLongs());
  }

  float factor(long[] codes, int position) {
    return half(codes[pairAt(position, 0)], position);
  }

  float offset(long[] codes, int position) {
    return half(codes[pairAt(position, 1)], position);
  }

  /** Adds the corrections of {@code position} to a block where they are still zero. */
  void setCorrections(long[] codes, int position, float factor, float offset) {
    codes[pairAt(position, 0)] |= inHalf(factor, position);
    codes[pairAt(position, 1)] |= inHalf(offset, position);
  }

  private int pairAt(int position, int correction) {
    int ofBlock = words() * VectorKernels.BLOCK + correction * VectorKernels.BLOCK / 2;
    return blockAt(position) + ofBlock + (position & 7) / 2;
  }

  private static float half(long pair, int position) {
    return Float.intBitsToFloat((int) (pair >>> (32 * (position & 1))));
  }

  private static long inHalf(float value, int position) {
    return (Float.floatToRawIntBits(value) & 0xFFFF_FFFFL) << (32 * (position & 1));
  }

  /** Bytes of a row that hold components, padding included. */
  int rowDimensions() {
    return VectorKernels.roundUp(dimensions, VectorKernels.LANES);
  }

  int rowBytes() {
    return rowDimensions() + 2 * Float.BYTES;
  }

  long stepAt(long position) {
    return position * rowBytes() + rowDimensions();
  }

  long rowOffsetAt(long position) {
    return stepAt(position) + Float.BYTES;
  }

  /** Positions that whole blocks provide for {@code vectors}. */
  static int padded(int vectors) {
    return VectorKernels.roundUp(vectors, VectorKernels.BLOCK);
  }
}
