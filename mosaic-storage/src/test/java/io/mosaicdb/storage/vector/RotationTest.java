package io.mosaicdb.storage.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RotationTest {
  private final VectorKernels kernels = new ScalarKernels();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 64, 100, 384, 768, 1000})
  void keepsLengthsAndAngles(int dimensions) {
    var random = new ClusteredVectors(dimensions, 2, 8);
    var rotation = new Rotation(dimensions);
    var left = random.next();
    var right = random.next();
    float dot = kernels.dot(left, 0, right, 0, dimensions);
    float square = kernels.dot(left, 0, left, 0, dimensions);

    rotation.apply(left);
    rotation.apply(right);

    assertThat(kernels.dot(left, 0, right, 0, dimensions)).isCloseTo(dot, within(1e-5f));
    assertThat(kernels.dot(left, 0, left, 0, dimensions)).isCloseTo(square, within(1e-5f));
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 384, 768})
  void spreadsASingleComponentOverAll(int dimensions) {
    var rotation = new Rotation(dimensions);
    for (int d = 0; d < dimensions; d++) {
      var single = new float[dimensions];
      single[d] = 1;

      rotation.apply(single);

      for (float value : single) {
        assertThat(Math.abs(value)).isLessThan(.5f);
      }
    }
  }
}
