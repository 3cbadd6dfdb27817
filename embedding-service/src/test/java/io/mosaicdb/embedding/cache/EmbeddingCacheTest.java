package io.mosaicdb.embedding.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mosaicdb.contract.embedding.EmbedderIdentity;
import io.mosaicdb.contract.embedding.EmbeddingVector;
import io.mosaicdb.contract.embedding.TextKind;
import org.junit.jupiter.api.Test;

class EmbeddingCacheTest {
  private static final EmbedderIdentity EMBEDDER = new EmbedderIdentity("m", "1", 2);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @Test
  void forgetsWhatWasNotAskedForTheLongest() {
    var cache = new EmbeddingCache(2, 1_000_000, meters);

    for (String text : new String[] {"A", "B", "A", "C"}) {
      store(cache, text);
    }

    assertThat(holds(cache, "A")).isTrue();
    assertThat(holds(cache, "C")).isTrue();
    assertThat(holds(cache, "B")).isFalse();
  }

  @Test
  void staysWithinItsBytes() {
    long threeVectors = 3 * (EmbeddingCache.OVERHEAD_BYTES + 2 * Float.BYTES);
    var cache = new EmbeddingCache(1_000, threeVectors, meters);

    for (int i = 0; i < 10; i++) {
      store(cache, "text " + i);
    }

    assertThat(cache.size()).isEqualTo(3);
    assertThat(holds(cache, "text 9")).isTrue();
  }

  @Test
  void keepsNothingWhenItMayHoldNothing() {
    var cache = new EmbeddingCache(0, 1_000_000, meters);

    store(cache, "A");

    assertThat(holds(cache, "A")).isFalse();
  }

  @Test
  void countsAMissAndThenAHit() {
    var cache = new EmbeddingCache(2, 1_000_000, meters);

    store(cache, "A");
    assertThat(requests("miss")).isEqualTo(1);
    assertThat(requests("hit")).isZero();

    store(cache, "A");
    assertThat(requests("miss")).isEqualTo(1);
    assertThat(requests("hit")).isEqualTo(1);
  }

  @Test
  void letsOneComputeWhatSeveralWant() {
    var cache = new EmbeddingCache(2, 1_000_000, meters);

    var first = cache.claim(key("A"));
    var second = cache.claim(key("A"));

    assertThat(first.owned()).isTrue();
    assertThat(second.owned()).isFalse();
    assertThat(second.vector()).isNotDone();
    first.vector().complete(EmbeddingVector.of(1, 0));
    assertThat(second.vector()).isCompletedWithValue(EmbeddingVector.of(1, 0));
  }

  @Test
  void doesNotKeepAFailure() {
    var cache = new EmbeddingCache(2, 1_000_000, meters);

    cache.claim(key("A")).vector().completeExceptionally(new IllegalStateException("down"));

    assertThat(cache.claim(key("A")).owned()).isTrue();
  }

  @Test
  void tellsApartModelsRevisionsKindsAndTexts() {
    assertThat(key("A")).isEqualTo(key("A")).hasSameHashCodeAs(key("A"));
    assertThat(
            new CacheKey[] {
              key("A"),
              key("B"),
              key("\uD800"),
              key("\uD801"),
              CacheKey.of(EMBEDDER, TextKind.PASSAGE, "A"),
              CacheKey.of(new EmbedderIdentity("m", "2", 2), TextKind.QUERY, "A"),
              CacheKey.of(new EmbedderIdentity("n", "1", 2), TextKind.QUERY, "A"),
              CacheKey.of(new EmbedderIdentity("m1", "1", 2), TextKind.QUERY, "A"),
              CacheKey.of(new EmbedderIdentity("m", "11", 2), TextKind.QUERY, "A")
            })
        .doesNotHaveDuplicates();
  }

  private static CacheKey key(String text) {
    return CacheKey.of(EMBEDDER, TextKind.QUERY, text);
  }

  private static void store(EmbeddingCache cache, String text) {
    var claim = cache.claim(key(text));
    if (claim.owned()) {
      claim.vector().complete(EmbeddingVector.of(text.hashCode(), 1));
    }
  }

  private static boolean holds(EmbeddingCache cache, String text) {
    var claim = cache.claim(key(text));
    if (claim.owned()) {
      claim.vector().completeExceptionally(new IllegalStateException("only a question"));
    }
    return !claim.owned();
  }

  private double requests(String result) {
    return meters.get("mosaic.embedding.cache.requests").tag("result", result).counter().count();
  }
}
