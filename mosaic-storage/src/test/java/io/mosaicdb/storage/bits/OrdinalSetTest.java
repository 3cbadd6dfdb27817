package io.mosaicdb.storage.bits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OrdinalSetTest {
  @Test
  void agreesWithBitSetForRandomSets() {
    var random = new Random(7);
    for (int round = 0; round < 200; round++) {
      int size = 1 + random.nextInt(300);
      var a = randomBits(random, size);
      var b = randomBits(random, size);

      assertSame(set(a, size).and(set(b, size)), op(a, b, BitSet::and), size);
      assertSame(set(a, size).or(set(b, size)), op(a, b, BitSet::or), size);
      assertSame(set(a, size).andNot(set(b, size)), op(a, b, BitSet::andNot), size);
      var flipped = (BitSet) a.clone();
      flipped.flip(0, size);
      assertSame(set(a, size).not(), flipped, size);
    }
  }

  @Test
  void extendingAddsPresentOrdinals() {
    var extended = OrdinalSet.none(60).extendedTo(130);

    assertThat(extended.cardinality()).isEqualTo(70);
    assertThat(extended.contains(59)).isFalse();
    assertThat(extended.contains(60)).isTrue();
    assertThat(extended.contains(129)).isTrue();
  }

  @Test
  void allHasNoBitsBeyondItsSize() {
    for (int size = 1; size < 200; size++) {
      assertThat(OrdinalSet.all(size).cardinality()).isEqualTo(size);
      assertThat(OrdinalSet.all(size).not().cardinality()).isZero();
    }
  }

  private interface Operation {
    void apply(BitSet left, BitSet right);
  }

  private static BitSet op(BitSet a, BitSet b, Operation operation) {
    var result = (BitSet) a.clone();
    operation.apply(result, b);
    return result;
  }

  private static BitSet randomBits(Random random, int size) {
    var bits = new BitSet();
    for (int i = 0; i < size; i++) {
      bits.set(i, random.nextBoolean());
    }
    return bits;
  }

  private static OrdinalSet set(BitSet bits, int size) {
    return OrdinalSet.wrap(
        java.util.Arrays.copyOf(bits.toLongArray(), OrdinalSet.wordsFor(size)), size);
  }

  private static void assertSame(OrdinalSet actual, BitSet expected, int size) {
    var seen = new BitSet();
    actual.forEach(seen::set);
    assertThat(seen).isEqualTo(expected);
    assertThat(actual.size()).isEqualTo(size);
  }
}
