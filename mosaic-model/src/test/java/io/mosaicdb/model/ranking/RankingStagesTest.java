package io.mosaicdb.model.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RankingStagesTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private static RankedHit hit(String id, double score) {
    return RankedHit.byWords(new ScoredId(id, score));
  }

  @Test
  void aBoostReordersByAShareOfTheScore() {
    var values = Map.of("a", 0.0, "b", 1.0, "c", 0.5);
    var boost = new Boost(ScorePart.RECENCY, 2, values::get);

    var boosted = boost.apply(List.of(hit("a", 10), hit("b", 6), hit("c", 4)));

    assertThat(boosted).extracting(RankedHit::id).containsExactly("b", "a", "c");
    assertThat(boosted).extracting(RankedHit::score).containsExactly(18.0, 10.0, 8.0);
    assertThat(boosted.getFirst().parts()).isEqualTo(new ScoreParts(6, 0, 0, 12, null));
  }

  @Test
  void aBoostRaisesNegativeScoresAsWell() {
    var boosted = new Boost(ScorePart.AUTHORITY, 0.5, _ -> 1).apply(List.of(hit("a", -2)));

    assertThat(boosted.getFirst().score()).isEqualTo(-1);
  }

  @Test
  void aBoostOfWeightZeroChangesNothing() {
    var hits = List.of(hit("a", 3), hit("b", 2));

    assertThat(new Boost(ScorePart.AUTHORITY, 0, _ -> 1).apply(hits)).isEqualTo(hits);
    assertThatThrownBy(() -> new Boost(ScorePart.AUTHORITY, -1, _ -> 1))
        .hasMessageContaining("between 0 and 1000");
  }

  @Test
  void boostsDoNotMultiplyEachOther() {
    var first = new Boost(ScorePart.AUTHORITY, 1, _ -> 1);
    var second = new Boost(ScorePart.RECENCY, 1, _ -> 1);

    var boosted = second.apply(first.apply(List.of(hit("a", 5))));

    assertThat(boosted.getFirst().parts()).isEqualTo(new ScoreParts(5, 0, 5, 5, null));
  }

  @Test
  void freshnessHalvesWithEveryHalfLife() {
    var decay = new RecencyDecay(NOON, Duration.ofDays(30));

    assertThat(decay.at(NOON.toEpochMilli())).isEqualTo(1);
    assertThat(decay.at(NOON.plus(Duration.ofDays(9)).toEpochMilli())).isEqualTo(1);
    assertThat(decay.at(NOON.minus(Duration.ofDays(30)).toEpochMilli())).isEqualTo(0.5);
    assertThat(decay.at(NOON.minus(Duration.ofDays(90)).toEpochMilli())).isEqualTo(0.125);
    assertThat(decay.at(Long.MIN_VALUE)).isZero();
  }

  @Test
  void theSecondPhaseReplacesScoresAndLeavesTheTailBelow() {
    var hits = List.of(hit("a", 9), hit("b", 8), hit("c", 7), hit("d", 6));

    var rescored = SecondPhase.apply(hits, List.of(0.1, 0.9));

    assertThat(rescored).extracting(RankedHit::id).containsExactly("b", "a", "c", "d");
    assertThat(rescored.getFirst().parts()).isEqualTo(new ScoreParts(0, 0, 0, 0, 0.9));
    assertThat(rescored.get(2)).isEqualTo(hit("c", 7));
  }

  @Test
  void diversityPutsADifferentHitBeforeATwin() {
    var vectors =
        Map.of(
            "a", new float[] {1, 0}, "twin", new float[] {2, 0.01f}, "other", new float[] {0, 1});
    var hits = List.of(hit("a", 1), hit("twin", 0.9), hit("other", 0.5));

    assertThat(new MaximalMarginalRelevance(0.5).order(hits, vectors::get))
        .extracting(RankedHit::id)
        .containsExactly("a", "other", "twin");
    assertThat(new MaximalMarginalRelevance(1).order(hits, vectors::get)).isEqualTo(hits);
  }

  @Test
  void diversityPlacesHitsWithoutVectorsByTheirScore() {
    var hits = List.of(hit("a", 3), hit("b", 2), hit("c", 1));

    assertThat(new MaximalMarginalRelevance(0.5).order(hits, _ -> null)).isEqualTo(hits);
  }

  /** Against the definition, computed anew for each place. */
  @Test
  void diversityAgreesWithItsDefinitionOnRandomHits() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int round = 0; round < 30; round++) {
      int size = 1 + random.nextInt(40);
      var vectors = new float[size][];
      for (int i = 0; i < size; i++) {
        vectors[i] = new float[] {random.nextFloat() - .5f, random.nextFloat() - .5f, .1f};
      }
      var hits =
          IntStream.range(0, size)
              .mapToObj(i -> hit(Integer.toString(i), random.nextInt(10)))
              .sorted()
              .toList();
      double lambda = random.nextDouble();

      var ordered =
          new MaximalMarginalRelevance(lambda).order(hits, id -> vectors[Integer.parseInt(id)]);

      assertThat(ordered).as("seed %s", seed).containsExactlyInAnyOrderElementsOf(hits);
      for (int place = 0; place < size; place++) {
        var before = ordered.subList(0, place);
        double best =
            ordered.subList(place, size).stream()
                .mapToDouble(each -> value(each, before, hits, vectors, lambda))
                .max()
                .orElseThrow();
        assertThat(value(ordered.get(place), before, hits, vectors, lambda))
            .as("seed %s place %s", seed, place)
            .isCloseTo(best, within(1e-6));
      }
    }
  }

  private static double value(
      RankedHit hit,
      List<RankedHit> before,
      List<RankedHit> all,
      float[][] vectors,
      double lambda) {
    double most = all.getFirst().score();
    double least = all.getLast().score();
    double relevance = most == least ? 1 : (hit.score() - least) / (most - least);
    double similarity =
        before.stream()
            .mapToDouble(other ->
                cosine(vectors[Integer.parseInt(hit.id())], vectors[Integer.parseInt(other.id())]))
            .max()
            .orElse(0);
    return lambda * relevance - (1 - lambda) * similarity;
  }

  private static double cosine(float[] one, float[] other) {
    double dot = 0;
    double ones = 0;
    double others = 0;
    for (int i = 0; i < one.length; i++) {
      dot += (double) one[i] * other[i];
      ones += (double) one[i] * one[i];
      others += (double) other[i] * other[i];
    }
    return dot / Math.sqrt(ones * others);
  }
}
