package io.mosaicdb.storage.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.storage.bits.OrdinalSet;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiveVectorsTest {
  private final ClusteredVectors random = new ClusteredVectors(64, 40, 4);
  private final float[][] vectors = random.next(6_000);
  private final float[][] queries = random.next(30);

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 255, 256, 257, 700})
  void fewVectorsAreSearchedExactlyOrNearly(int count) {
    var live = filled(VectorMetric.COSINE, count);
    for (var query : queries) {
      var found = live.search(VectorQuery.of(VectorMetric.COSINE, query), 5, count, null);

      var truth =
          BruteForce.best(VectorMetric.COSINE, Arrays.copyOf(vectors, count), query, 5, i -> true);
      assertThat(BruteForce.recall(truth, found.ordinals())).isGreaterThanOrEqualTo(.8);
      assertThat(found.size()).isEqualTo(Math.min(5, count));
    }
  }

  @ParameterizedTest
  @EnumSource
  void findsAlmostAllOfTheTrueBest(VectorMetric metric) {
    var live = filled(metric, vectors.length);
    for (int k : new int[] {10, 300}) {
      double recall = 0;
      for (var query : queries) {
        var found = live.search(VectorQuery.of(metric, query), k, vectors.length, null);
        recall +=
            BruteForce.recall(
                BruteForce.best(metric, vectors, query, k, i -> true), found.ordinals());
      }
      assertThat(recall / queries.length).isGreaterThan(.97);
    }
  }

  @Test
  void aReaderSeesTheVectorsItNamesAndNoMore() {
    var live = filled(VectorMetric.L2, 3_000);
    for (int visible : new int[] {0, 1, 256, 300, 2_999}) {
      for (var query : queries) {
        var found = live.search(VectorQuery.of(VectorMetric.L2, query), 20, visible, null);

        assertThat(found.size()).isEqualTo(Math.min(20, visible));
        assertThat(IntStream.of(found.ordinals())).allMatch(ordinal -> ordinal < visible);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 20, 500})
  void aFilterFillsTheResult(int oneIn) {
    var live = filled(VectorMetric.COSINE, vectors.length);
    var words = new long[OrdinalSet.wordsFor(vectors.length)];
    IntStream.range(0, vectors.length)
        .filter(i -> i % oneIn == 0)
        .forEach(i -> words[i >>> 6] |= 1L << i);
    var accept = OrdinalSet.wrap(words, vectors.length);
    double recall = 0;
    for (var query : queries) {
      var found =
          live.search(VectorQuery.of(VectorMetric.COSINE, query), 10, vectors.length, accept);

      assertThat(found.size()).isEqualTo(10);
      recall +=
          BruteForce.recall(
              BruteForce.best(VectorMetric.COSINE, vectors, query, 10, accept::contains),
              found.ordinals());
    }
    assertThat(recall / queries.length).isGreaterThan(.97);
  }

  @Test
  void readersNeedNoLocksWhileOneThreadAppends() throws Exception {
    var live = new LiveVectors(VectorMetric.COSINE, 64);
    try (var readers = Executors.newFixedThreadPool(3)) {
      Callable<Integer> reader =
          () -> {
            int searches = 0;
            int visible = 0;
            while (visible < vectors.length) {
              visible = live.size();
              var query = VectorQuery.of(VectorMetric.COSINE, queries[searches % queries.length]);
              var found = live.search(query, 10, visible, null);
              assertThat(found.size()).isEqualTo(Math.min(10, visible));
              for (int i = 0; i < found.size(); i++) {
                double score =
                    BruteForce.score(
                        VectorMetric.COSINE,
                        vectors[found.ordinals()[i]],
                        queries[searches % queries.length]);
                assertThat((double) found.scores()[i]).isBetween(score - 1e-5, score + 1e-5);
              }
              searches++;
            }
            return searches;
          };
      var running = IntStream.range(0, 3).mapToObj(i -> readers.submit(reader)).toList();
      for (var vector : vectors) {
        live.append(vector);
      }
      for (Future<Integer> searches : running) {
        assertThat(searches.get()).isPositive();
      }
    } catch (ExecutionException e) {
      throw new AssertionError("a reader failed", e.getCause());
    }
  }

  @Test
  void givesBackItsVectorsForSealing() {
    var live = filled(VectorMetric.DOT, 600);

    for (int i = 0; i < 600; i++) {
      assertThat(live.vector(i)).containsExactly(vectors[i]);
    }
    assertThatThrownBy(() -> live.vector(600))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("ordinal 600 is not among the 600 visible vectors");
  }

  @Test
  void accountsForItsMemory() {
    assertThat(new LiveVectors(VectorMetric.COSINE, 64).bytes()).isZero();
    assertThat(filled(VectorMetric.COSINE, 1).bytes()).isEqualTo(256 * 64 * 4);
    assertThat(filled(VectorMetric.COSINE, 512).bytes())
        .isEqualTo(512 * 64 * 4 + 512 * (64 / 8 + 8));
  }

  @Test
  void rejectsWhatCannotBeAppendedAndStaysAsItWas() {
    var live = filled(VectorMetric.COSINE, 3);

    assertThatThrownBy(() -> live.append(new float[63]))
        .hasMessage("vector must have 64 dimensions, got 63");
    assertThatThrownBy(() -> live.append(new float[64])).hasMessageContaining("all zeros");
    assertThat(live.size()).isEqualTo(3);
    assertThat(live.append(vectors[3])).isEqualTo(3);
  }

  @Test
  void rejectsToShowMoreThanThereIs() {
    var live = filled(VectorMetric.COSINE, 3);
    var query = VectorQuery.of(VectorMetric.COSINE, queries[0]);

    assertThatThrownBy(() -> live.search(query, 1, 4, null))
        .hasMessage("visible count must be between 0 and 3, got 4");
    assertThatThrownBy(() -> live.search(query, 1, 3, OrdinalSet.all(2)))
        .hasMessage("3 vectors are visible, the filter covers 2");
  }

  private LiveVectors filled(VectorMetric metric, int count) {
    var live = new LiveVectors(metric, 64);
    for (int i = 0; i < count; i++) {
      live.append(vectors[i]);
    }
    return live;
  }
}
