package io.mosaicdb.storage.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VectorMetricTest {
  @Test
  void cosineScalesToLengthOneOnceAndForAll() {
    var once = VectorMetric.COSINE.prepare(new float[] {3, 4});

    assertThat(once).containsExactly(.6f, .8f);
    var random = new ClusteredVectors(100, 3, 5);
    for (int i = 0; i < 200; i++) {
      var prepared = VectorMetric.COSINE.prepare(random.next());
      assertThat(VectorMetric.COSINE.prepare(prepared)).containsExactly(prepared);
    }
  }

  @Test
  void cosineRejectsAVectorWithoutDirection() {
    assertThatThrownBy(() -> VectorMetric.COSINE.prepare(new float[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must not be all zeros");
  }

  @Test
  void otherMetricsKeepTheVector() {
    assertThat(VectorMetric.DOT.prepare(new float[] {3, 0})).containsExactly(3, 0);
    assertThat(VectorMetric.L2.prepare(new float[2])).containsExactly(0, 0);
  }

  @ParameterizedTest
  @EnumSource
  void rejectsWhatCannotBeCompared(VectorMetric metric) {
    assertThatThrownBy(() -> metric.prepare(new float[] {1, Float.NaN}))
        .hasMessage("vector component 1 is not finite: NaN");
    assertThatThrownBy(() -> metric.prepare(new float[] {Float.NEGATIVE_INFINITY, 1}))
        .hasMessage("vector component 0 is not finite: -Infinity");
    assertThatThrownBy(() -> metric.prepare(new float[] {1e30f, 1}))
        .hasMessageContaining("too long");
  }
}
