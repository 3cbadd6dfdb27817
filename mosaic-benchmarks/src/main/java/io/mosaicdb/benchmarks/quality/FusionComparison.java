package io.mosaicdb.benchmarks.quality;

import io.mosaicdb.model.ranking.Fusion;
import io.mosaicdb.model.ranking.Fusion.Normalized;
import io.mosaicdb.model.ranking.Fusion.ReciprocalRank;
import io.mosaicdb.model.ranking.RankedHit;
import io.mosaicdb.model.ranking.ScoredId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** nDCG@10 of ways to fuse the same two lists, over all collections. */
final class FusionComparison {
  static final int CANDIDATES = 300;
  private static final List<Integer> DEPTHS = List.of(30, 50, 100, 300);
  private final List<Legs> collections = new ArrayList<>();

  private record Legs(
      JudgedCollection collection, List<List<ScoredId>> text, List<List<ScoredId>> vector) {}

  void add(JudgedCollection collection, List<List<ScoredId>> text, List<List<ScoredId>> vector) {
    collections.add(new Legs(collection, text, vector));
  }

  void print() {
    System.out.printf("%n%-44s", "nDCG@10 minus that of the better leg");
    collections.forEach(legs -> System.out.printf("%11s", legs.collection().name()));
    System.out.printf("%11s%11s%n", "least", "mean");
    for (var entry : candidates().entrySet()) {
      for (int depth : DEPTHS) {
        row(entry.getKey() + ", " + depth + " a leg", entry.getValue(), depth);
      }
    }
  }

  private void row(String name, Fusion fusion, int depth) {
    System.out.printf("%-44s", name);
    double least = Double.POSITIVE_INFINITY;
    double sum = 0;
    for (var legs : collections) {
      double better =
          Math.max(
              Quality.mean(legs.collection(), legs.text()),
              Quality.mean(legs.collection(), legs.vector()));
      var fused = new ArrayList<List<ScoredId>>();
      for (int i = 0; i < legs.text().size(); i++) {
        fused.add(
            fusion
                .fuse(first(legs.text().get(i), depth), first(legs.vector().get(i), depth))
                .stream()
                .map(RankedHit::scored)
                .toList());
      }
      double difference = Quality.mean(legs.collection(), fused) - better;
      least = Math.min(least, difference);
      sum += difference;
      System.out.printf(Locale.ROOT, "%+11.4f", difference);
    }
    System.out.printf(Locale.ROOT, "%+11.4f%+11.4f%n", least, sum / collections.size());
  }

  private static List<ScoredId> first(List<ScoredId> list, int depth) {
    return list.subList(0, Math.min(depth, list.size()));
  }

  private static Map<String, Fusion> candidates() {
    var candidates = new LinkedHashMap<String, Fusion>();
    for (int k : List.of(1, 5, 10, 20, 60)) {
      for (double vector : List.of(1.0, 1.5, 2.0, 3.0)) {
        candidates.put(
            "rrf k=%d, text 1, vector %s".formatted(k, vector), new ReciprocalRank(k, 1, vector));
      }
    }
    for (double vector : List.of(1.0, 1.5, 2.0, 2.5, 3.0, 4.0)) {
      candidates.put("normalized, text 1, vector %s".formatted(vector), new Normalized(1, vector));
    }
    return candidates;
  }
}
