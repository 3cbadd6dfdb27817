/**
 * Nearest neighbours among the vectors of one segment: the index of a sealed shard, the vectors of
 * a live segment, and the arithmetic both share.
 *
 * <p>A vector is kept three times, each form read by fewer candidates than the one before. A
 * one-bit code with two correction terms (RaBitQ) is scanned for every vector of the probed cells;
 * the best few hundred are scored again by a row of bytes; the last few dozen by their floats,
 * which stay in the file. A filter is tested inside the first scan, so that it never empties a
 * result that could have been filled. Between {@link io.mosaicdb.storage.vector.VectorIndexWriter}
 * and {@link io.mosaicdb.storage.vector.VectorIndex} stands the shard file: {@code DESIGN.md}
 * beside this class specifies its tables and BLOBs and derives the estimate.
 */
@NullMarked
package io.mosaicdb.storage.vector;

import org.jspecify.annotations.NullMarked;
