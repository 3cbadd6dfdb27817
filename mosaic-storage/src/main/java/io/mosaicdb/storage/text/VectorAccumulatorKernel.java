package io.mosaicdb.storage.text;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** The loops with the JDK's Vector API, at the widest shape of the machine (at most 512 bits). */
final class VectorAccumulatorKernel implements AccumulatorKernel {
  private static final VectorSpecies<Short> SHORTS =
      ShortVector.SPECIES_PREFERRED.vectorBitSize() >= 128
          ? ShortVector.SPECIES_PREFERRED
          : ShortVector.SPECIES_128;
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(SHORTS.vectorBitSize() / 2));
  private static final int LANES = SHORTS.length();

  @Override
  public void addDense(byte[] impacts, int weight, int shift, short[] accumulators) {
    short round = (short) ((1 << shift) - 1);
    for (int i = 0; i < impacts.length; i += LANES) {
      var impact =
          (ShortVector)
              ByteVector.fromArray(BYTES, impacts, i)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2S, SHORTS, 0);
      impact
          .mul((short) weight)
          .add(round)
          .lanewise(VectorOperators.LSHR, shift)
          .add(ShortVector.fromArray(SHORTS, accumulators, i))
          .intoArray(accumulators, i);
    }
  }

  @Override
  public long drain(
      short[] accumulators,
      int from,
      int to,
      int threshold,
      long @Nullable [] accept,
      int acceptFrom,
      int[] hits) {
    int matched = 0;
    int hitCount = 0;
    for (int at = from; at < to; at += 64) {
      long present = 0;
      long above = 0;
      for (int lane = 0; lane < 64; lane += LANES) {
        var values = ShortVector.fromArray(SHORTS, accumulators, at + lane);
        present |= values.compare(VectorOperators.NE, (short) 0).toLong() << lane;
        above |= values.compare(VectorOperators.GE, (short) threshold).toLong() << lane;
      }
      if (present == 0) {
        continue;
      }
      if (accept != null) {
        int word = acceptFrom + (at >>> 6);
        long accepted = word < accept.length ? accept[word] : 0;
        present &= accepted;
        above &= accepted;
      }
      matched += Long.bitCount(present);
      for (; above != 0; above &= above - 1) {
        int i = at + Long.numberOfTrailingZeros(above);
        hits[hitCount++] = accumulators[i] << 16 | i;
      }
      for (int lane = 0; lane < 64; lane += LANES) {
        ShortVector.zero(SHORTS).intoArray(accumulators, at + lane);
      }
    }
    return (long) matched << 32 | hitCount;
  }
}
