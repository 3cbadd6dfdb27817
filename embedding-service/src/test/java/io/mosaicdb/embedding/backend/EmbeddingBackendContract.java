package io.mosaicdb.embedding.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mosaicdb.contract.embedding.EmbeddingVector;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every backend promises. */
public abstract class EmbeddingBackendContract {
  private static final List<String> TEXTS =
      List.of("A lake freezes in winter.", "Stocks fell on Monday.", "x", "日本語 🙂");

  protected abstract EmbeddingBackend backend();

  @Test
  void answersAVectorOfItsDimensionsAndOfLengthOneForEachText() {
    List<EmbeddingVector> vectors = backend().embed(TEXTS);

    assertThat(vectors).hasSameSizeAs(TEXTS).doesNotHaveDuplicates();
    for (EmbeddingVector vector : vectors) {
      assertThat(vector.dimensions()).isEqualTo(backend().embedder().identity().dimensions());
      assertThat(cosine(vector, vector)).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void answersInTheOrderOfTheTextsWhateverTheirBatch() {
    List<EmbeddingVector> together = backend().embed(TEXTS);

    for (int i = 0; i < TEXTS.size(); i++) {
      assertThat(backend().embed(List.of(TEXTS.get(i)))).containsExactly(together.get(i));
    }
  }

  @Test
  void countsTokensOfNothingAsNoneAndOfMoreTextAsMore() {
    TokenCounter tokens = backend().tokens();

    assertThat(tokens.count("")).isZero();
    assertThat(tokens.count("one")).isPositive();
    assertThat(tokens.count("one two three")).isGreaterThan(tokens.count("one"));
    assertThat(tokens.added()).isNotNegative();
  }

  @Test
  void describesItselfWithARoomForTexts() {
    Embedder embedder = backend().embedder();

    assertThat(embedder.description().identity()).isEqualTo(embedder.identity());
    assertThat(embedder.maxTokens()).isGreaterThan(backend().tokens().added());
    assertThat(backend().batchSize()).isPositive();
  }

  protected static double cosine(EmbeddingVector a, EmbeddingVector b) {
    float[] left = a.toArray();
    float[] right = b.toArray();
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += (double) left[i] * right[i];
    }
    return sum;
  }
}
