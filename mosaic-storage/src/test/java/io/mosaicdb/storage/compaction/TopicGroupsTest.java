package io.mosaicdb.storage.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.storage.vector.VectorMetric;
import io.mosaicdb.storage.vector.VectorSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TopicGroupsTest {
  private static final int DIMENSIONS = 16;

  @Test
  void putsEachTopicIntoAGroupOfItsOwn() {
    var vectors = new ArrayList<float[]>();
    var random = new Random(7);
    for (int i = 0; i < 400; i++) {
      vectors.add(near(i % 4, random));
    }

    var groups = TopicGroups.of(VectorMetric.COSINE, source(vectors), 100);

    assertThat(groups).hasSize(4);
    for (int[] group : groups) {
      assertThat(Arrays.stream(group).map(i -> i % 4).distinct().count()).isEqualTo(1);
    }
    assertEverythingOnce(groups, 400);
  }

  @Test
  void staysBelowTheSizeAndLeavesAtMostOneGroupHalfEmpty() {
    for (long seed = 0; seed < 20; seed++) {
      var random = new Random(seed);
      var vectors = new ArrayList<float[]>();
      int documents = 1 + random.nextInt(2_000);
      int topics = 1 + random.nextInt(40);
      for (int i = 0; i < documents; i++) {
        // Topics of very different sizes.
        vectors.add(near((int) (topics * Math.pow(random.nextDouble(), 3)), random));
      }
      int most = 1 + random.nextInt(200);

      var groups = TopicGroups.of(VectorMetric.COSINE, source(vectors), most);

      assertEverythingOnce(groups, documents);
      assertThat(groups).as("seed %d", seed).allMatch(group -> group.length <= most);
      assertThat(groups.stream().filter(group -> group.length * 2 <= most))
          .as("seed %d, %d documents of at most %d", seed, documents, most)
          .hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  void cutsWhatCannotBeToldApartInOrder() {
    var vectors = new ArrayList<float[]>();
    for (int i = 0; i < 250; i++) {
      vectors.add(near(0, new Random(1)));
    }

    var groups = TopicGroups.of(VectorMetric.COSINE, source(vectors), 100);

    assertThat(groups).extracting(group -> group.length).containsExactly(100, 100, 50);
    assertEverythingOnce(groups, 250);
  }

  @Test
  void fewDocumentsAreOneGroupAndNoneIsNone() {
    assertThat(TopicGroups.of(VectorMetric.L2, source(List.of()), 5)).isEmpty();
    assertThat(TopicGroups.of(VectorMetric.L2, source(List.of(near(0, new Random(1)))), 5))
        .hasSize(1);
  }

  private static void assertEverythingOnce(List<int[]> groups, int documents) {
    var seen = new HashSet<Integer>();
    for (int[] group : groups) {
      assertThat(group).isSorted();
      Arrays.stream(group).forEach(i -> assertThat(seen.add(i)).isTrue());
    }
    assertThat(seen).hasSize(documents);
  }

  private static float[] near(int topic, Random random) {
    var direction = new Random(1_000 + topic);
    var vector = new float[DIMENSIONS];
    for (int d = 0; d < DIMENSIONS; d++) {
      vector[d] = (float) (direction.nextGaussian() * 10 + random.nextGaussian() * .2);
    }
    return vector;
  }

  private static VectorSource source(List<float[]> vectors) {
    return new VectorSource() {
      @Override
      public int size() {
        return vectors.size();
      }

      @Override
      public float[] vector(int ordinal) {
        return vectors.get(ordinal);
      }
    };
  }
}
