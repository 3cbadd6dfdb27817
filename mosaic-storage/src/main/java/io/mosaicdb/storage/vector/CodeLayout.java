package io.mosaicdb.storage.vector;

/**
 * Where things lie in the codes and in the rows of bytes; {@code DESIGN.md} specifies both. All
 * numbers are little-endian.
 *
 * <p>A <i>block</i> of codes holds eight vectors: for each 64 dimensions eight longs, one a vector,
 * then eight factors and eight offsets (float32). A <i>row</i> holds one vector: a signed byte a
 * dimension, padded with zeros, then its step and its offset (float32).
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

  /** Longs a vector's code takes. */
  int words() {
    return (dimensions + 63) >>> 6;
  }

  int blockBytes() {
    return words() * Long.BYTES * VectorKernels.BLOCK + factorBytes() * 2;
  }

  private static int factorBytes() {
    return Float.BYTES * VectorKernels.BLOCK;
  }

  /** Where word {@code word} of the vector at {@code position} lies. */
  long wordAt(long position, int word) {
    return blockAt(position) + (word * VectorKernels.BLOCK + (position & 7)) * Long.BYTES;
  }

  long factorAt(long position) {
    return blockAt(position)
        + (long) words() * Long.BYTES * VectorKernels.BLOCK
        + (position & 7) * Float.BYTES;
  }

  long offsetAt(long position) {
    return factorAt(position) + factorBytes();
  }

  long blockAt(long position) {
    return (position >>> 3) * blockBytes();
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
