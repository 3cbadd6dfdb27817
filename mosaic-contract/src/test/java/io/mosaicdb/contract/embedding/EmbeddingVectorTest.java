package io.mosaicdb.contract.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Base64;
import org.junit.jupiter.api.Test;

class EmbeddingVectorTest {

  @Test
  void crossesTheWireAsBase64OfLittleEndianSingles() {
    assertThat(EmbeddingVector.of(1f, -2.5f).encode())
        .isEqualTo(
            Base64.getEncoder()
                .encodeToString(new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0x20, (byte) 0xc0}));
  }

  @Test
  void comesBackBitForBit() {
    var vector = EmbeddingVector.of(0.1f, -0f, Float.MIN_VALUE, Float.MAX_VALUE);

    assertThat(EmbeddingVector.decode(vector.encode())).isEqualTo(vector).hasSameHashCodeAs(vector);
  }

  @Test
  void keepsItsComponentsToItself() {
    float[] components = {1, 2};
    var vector = EmbeddingVector.of(components);

    components[0] = 9;
    vector.toArray()[1] = 9;

    assertThat(vector.toArray()).containsExactly(1, 2);
  }

  @Test
  void refusesWhatIsNotAVector() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EmbeddingVector.of(1, Float.NaN))
        .withMessage("vector component 1 must be finite, got NaN");
    assertThatIllegalArgumentException().isThrownBy(EmbeddingVector::of);
    assertThatIllegalArgumentException().isThrownBy(() -> EmbeddingVector.decode("AAAA"));
    assertThatIllegalArgumentException().isThrownBy(() -> EmbeddingVector.decode("not base64"));
    assertThatIllegalArgumentException().isThrownBy(() -> EmbeddingVector.decode(""));
  }
}
