package io.mosaicdb.storage.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TopCandidatesTest {
  @Test
  void keepsTheBestByScoreThenPosition() {
    var random = new Random(3);
    for (int round = 0; round < 300; round++) {
      int size = 1 + random.nextInt(2000);
      int keep = 1 + random.nextInt(200);
      var scores = new float[size];
      for (int i = 0; i < size; i++) {
        scores[i] = (random.nextInt(200) - 100) / 8f;
      }
      var top = new TopCandidates(keep);
      for (int i = 0; i < size; i++) {
        if (scores[i] > top.threshold()) {
          top.add(scores[i], i);
        }
      }

      var expected =
          IntStream.range(0, size)
              .boxed()
              .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]).thenComparing(i -> i))
              .limit(keep)
              .toList();
      var found = top.toPassages(Float.NEGATIVE_INFINITY);
      assertThat(found.ordinals()).containsExactly(expected.stream().mapToInt(i -> i).toArray());
      for (int i = 0; i < found.size(); i++) {
        assertThat(found.scores()[i]).isEqualTo(scores[found.ordinals()[i]]);
      }
    }
  }

  @Test
  void packingKeepsScoresPositionsAndTheirOrder() {
    var scores = new float[] {-Float.MAX_VALUE, -1.5f, 0, Float.MIN_VALUE, 3, Float.MAX_VALUE};
    for (int i = 0; i < scores.length; i++) {
      long packed = TopCandidates.pack(scores[i], 1 << 30);
      assertThat(TopCandidates.score(packed)).isEqualTo(scores[i]);
      assertThat(TopCandidates.position(packed)).isEqualTo(1 << 30);
      if (i > 0) {
        assertThat(packed).isGreaterThan(TopCandidates.pack(scores[i - 1], 0));
      }
    }
    assertThat(TopCandidates.pack(1, 4)).isGreaterThan(TopCandidates.pack(1, 5));
    assertThat(TopCandidates.pack(-0f, 4)).isEqualTo(TopCandidates.pack(0f, 4));
  }
}
