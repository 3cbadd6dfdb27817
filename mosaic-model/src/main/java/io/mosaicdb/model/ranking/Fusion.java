package io.mosaicdb.model.ranking;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes one ranking of two. Lists are best first, without repeats. */
public sealed interface Fusion {
  /** The fused list, best first; each score is the sum of what the legs give. */
  List<RankedHit> fuse(List<ScoredId> text, List<ScoredId> vector);

  /**
   * Reciprocal rank fusion: the sum over the legs of weight / (k + rank), ranks from 1 (Cormack,
   * Clarke and Büttcher, SIGIR 2009, where k = 60).
   */
  record ReciprocalRank(int k, double textWeight, double vectorWeight) implements Fusion {
    public static final int STANDARD_K = 60;

    public ReciprocalRank {
      if (k < 1 || k > 10_000) {
        throw new IllegalArgumentException("k must be between 1 and 10000, got " + k);
      }
      requireWeights(textWeight, vectorWeight);
    }

    @Override
    public List<RankedHit> fuse(List<ScoredId> text, List<ScoredId> vector) {
      return sum(text, weighted(text, textWeight), vector, weighted(vector, vectorWeight));
    }

    private double[] weighted(List<ScoredId> list, double weight) {
      var values = new double[list.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = weight / (k + i + 1);
      }
      return values;
    }
  }

  /**
   * The weighted sum of scores that are scaled per leg to 0..1 between the list's least and
   * greatest; a list whose scores are all the same counts 1 for each of its hits, a hit that a leg
   * lacks counts 0 there.
   */
  record Normalized(double textWeight, double vectorWeight) implements Fusion {
    /** What hybrid search does unless told otherwise: {@code docs/adr/0003-default-fusion.md}. */
    public static final Normalized STANDARD = new Normalized(1, 2.5);

    public Normalized {
      requireWeights(textWeight, vectorWeight);
    }

    @Override
    public List<RankedHit> fuse(List<ScoredId> text, List<ScoredId> vector) {
      return sum(text, scaled(text, textWeight), vector, scaled(vector, vectorWeight));
    }

    private static double[] scaled(List<ScoredId> list, double weight) {
      var values = new double[list.size()];
      if (list.isEmpty()) {
        return values;
      }
      double most = list.getFirst().score();
      double span = most - list.getLast().score();
      for (int i = 0; i < values.length; i++) {
        values[i] = weight * (span == 0 ? 1 : 1 - (most - list.get(i).score()) / span);
      }
      return values;
    }
  }

  private static void requireWeights(double text, double vector) {
    if (!(text >= 0 && text <= 1000) || !(vector >= 0 && vector <= 1000)) {
      throw new IllegalArgumentException(
          "weights must be between 0 and 1000, got text " + text + " and vector " + vector);
    }
    if (text == 0 && vector == 0) {
      throw new IllegalArgumentException("at least one weight must be above 0");
    }
  }

  private static List<RankedHit> sum(
      List<ScoredId> text, double[] textValues, List<ScoredId> vector, double[] vectorValues) {
    Map<String, ScoreParts> parts = HashMap.newHashMap(text.size() + vector.size());
    for (int i = 0; i < textValues.length; i++) {
      parts.put(text.get(i).id(), ScoreParts.of(textValues[i], 0));
    }
    for (int i = 0; i < vectorValues.length; i++) {
      double value = vectorValues[i];
      parts.merge(
          vector.get(i).id(),
          ScoreParts.of(0, value),
          (known, _) -> known.with(ScorePart.VECTOR, value));
    }
    var fused = new ArrayList<RankedHit>(parts.size());
    parts.forEach((id, made) -> fused.add(new RankedHit(id, made)));
    fused.sort(null);
    return fused;
  }
}
