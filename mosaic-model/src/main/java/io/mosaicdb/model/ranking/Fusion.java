package io.mosaicdb.model.ranking;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes one ranking of two. Lists are best first, without repeats. */
public sealed interface Fusion {
  /** The fused list, best first. */
  List<ScoredId> fuse(List<ScoredId> text, List<ScoredId> vector);

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
    public List<ScoredId> fuse(List<ScoredId> text, List<ScoredId> vector) {
      Map<String, Double> scores = HashMap.newHashMap(text.size() + vector.size());
      addRanks(scores, text, textWeight);
      addRanks(scores, vector, vectorWeight);
      return sorted(scores);
    }

    private void addRanks(Map<String, Double> scores, List<ScoredId> list, double weight) {
      for (int i = 0; i < list.size(); i++) {
        scores.merge(list.get(i).id(), weight / (k + i + 1), Double::sum);
      }
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
    public List<ScoredId> fuse(List<ScoredId> text, List<ScoredId> vector) {
      Map<String, Double> scores = HashMap.newHashMap(text.size() + vector.size());
      addScaled(scores, text, textWeight);
      addScaled(scores, vector, vectorWeight);
      return sorted(scores);
    }

    private static void addScaled(Map<String, Double> scores, List<ScoredId> list, double weight) {
      if (list.isEmpty()) {
        return;
      }
      double most = list.getFirst().score();
      double span = most - list.getLast().score();
      for (ScoredId hit : list) {
        double scaled = span == 0 ? 1 : 1 - (most - hit.score()) / span;
        scores.merge(hit.id(), weight * scaled, Double::sum);
      }
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

  private static List<ScoredId> sorted(Map<String, Double> scores) {
    var fused = new ArrayList<ScoredId>(scores.size());
    scores.forEach((id, score) -> fused.add(new ScoredId(id, score)));
    fused.sort(null);
    return fused;
  }
}
