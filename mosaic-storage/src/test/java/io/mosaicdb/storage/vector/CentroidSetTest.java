package io.mosaicdb.storage.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CentroidSetTest {
  private final float[][] vectors = new ClusteredVectors(24, 9, 1).next(2_000);

  @Test
  void trainingTwiceGivesTheSameSet() {
    var first = train(20);
    var second = train(20);

    assertThat(second.id()).isEqualTo(first.id()).hasSize(64);
    assertThat(second.toBytes()).isEqualTo(first.toBytes());
    assertThat(train(21).id()).isNotEqualTo(first.id());
  }

  @Test
  void bytesHoldTheSet() {
    var set = train(20);

    var read = CentroidSet.fromBytes(set.toBytes());

    assertThat(read).isEqualTo(set);
    assertThat(read.size()).isEqualTo(20);
    assertThat(read.dimensions()).isEqualTo(24);
    for (int cell = 0; cell < 20; cell++) {
      assertThat(read.centroid(cell)).isEqualTo(set.centroid(cell));
    }
  }

  @Test
  void rejectsBytesThatAreNoSet() {
    var bytes = train(5).toBytes();

    assertThatThrownBy(() -> CentroidSet.fromBytes(new byte[4]))
        .hasMessageContaining("not a centroid set");
    assertThatThrownBy(() -> CentroidSet.fromBytes(Arrays.copyOf(bytes, bytes.length - 4)))
        .hasMessageContaining("5 cells must have");
    bytes[4] = 9;
    assertThatThrownBy(() -> CentroidSet.fromBytes(bytes))
        .hasMessage("centroid set has version 9, this build reads 1");
  }

  @Test
  void theNearestCellIsTheOneWithTheNearestCentroid() {
    var set = train(33);
    for (var vector : vectors) {
      var prepared = VectorMetric.COSINE.prepare(vector);
      double nearest = Double.MAX_VALUE;
      for (int cell = 0; cell < set.size(); cell++) {
        nearest =
            Math.min(nearest, -BruteForce.score(VectorMetric.L2, prepared, set.centroid(cell)));
      }

      int chosen = set.nearest(VectorKernels.best(), prepared);

      assertThat(-BruteForce.score(VectorMetric.L2, prepared, set.centroid(chosen)))
          .isLessThan(nearest + 1e-5);
    }
  }

  @Test
  void amongManyCentroidsTheNearestIsAlmostAlwaysFound() {
    var set = train(400);
    int found = 0;
    for (var vector : vectors) {
      var prepared = VectorMetric.COSINE.prepare(vector);
      var dots = set.dots(VectorKernels.best(), prepared);
      int nearest = CentroidSet.nearest(dots, set.halfSquares(), 400);

      found += set.nearest(VectorKernels.best(), prepared) == nearest ? 1 : 0;
    }

    assertThat(found / (double) vectors.length).isGreaterThan(.97);
  }

  @Test
  void aRoutingRanksTheBestOfManyCells() {
    var set = train(400);
    for (var metric : VectorMetric.values()) {
      int ranked = 0;
      for (int i = 0; i < 100; i++) {
        var query = VectorQuery.of(metric, vectors[i]);
        var some = query.routing(set, 40);
        var all = VectorQuery.of(metric, vectors[i]).routing(set, 400);

        assertThat(some.ranked()).isBetween(40, 399);
        assertThat(all.ranked()).isEqualTo(400);
        assertThat(some.cells()).containsExactlyInAnyOrder(all.cells());
        for (int j = 0; j < some.ranked(); j++) {
          int cell = some.cells()[j];
          assertThat(some.bases()[cell]).isCloseTo(all.bases()[cell], within(1e-4f));
        }
        var best = Arrays.stream(all.cells()).limit(40).boxed().toList();
        ranked +=
            (int) Arrays.stream(some.cells()).limit(40).filter(cell -> best.contains(cell)).count();
        // Whoever goes further keeps what was ranked and gets the rest.
        var more = query.routing(set, 400);
        assertThat(more.ranked()).isEqualTo(400);
        assertThat(Arrays.copyOf(more.cells(), some.ranked()))
            .isEqualTo(Arrays.copyOf(some.cells(), some.ranked()));
      }
      assertThat(ranked / 4000.0).as(metric.name()).isGreaterThan(.9);
    }
  }

  @Test
  void everyCellHoldsVectorsEvenWhenMostAreEqual() {
    var mostlyEqual = new float[200][];
    for (int i = 0; i < 200; i++) {
      mostlyEqual[i] = i < 150 ? new float[] {1, 0} : new float[] {i, i % 7};
    }
    var set = CentroidSet.train(VectorMetric.L2, VectorSource.of(List.of(mostlyEqual)), 12);

    long used =
        Arrays.stream(mostlyEqual)
            .map(vector -> set.nearest(VectorKernels.best(), vector))
            .distinct()
            .count();

    assertThat(used).isGreaterThanOrEqualTo(9);
  }

  @Test
  void recommendsNoCellsWhereAFlatScanIsCheaper() {
    assertThat(CentroidSet.recommendedCells(19_999)).isZero();
    assertThat(CentroidSet.recommendedCells(100_000)).isEqualTo(632);
    assertThat(CentroidSet.recommendedCells(1_000_000)).isEqualTo(2000);
    assertThat(CentroidSet.recommendedCells(100_000_000)).isEqualTo(4096);
  }

  @Test
  void rejectsMoreCellsThanVectors() {
    assertThatThrownBy(() -> train(2_001))
        .hasMessage("cells must be between 1 and the 2000 vectors given, got 2001");
  }

  private CentroidSet train(int cells) {
    return CentroidSet.train(VectorMetric.COSINE, VectorSource.of(List.of(vectors)), cells);
  }
}
