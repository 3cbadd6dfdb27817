package io.mosaicdb.model.ranking;

import java.util.ArrayList;
import java.util.List;

/**
 * Puts the scores of a second phase in place of the first's. Hits that it did not score follow in
 * the order they had.
 */
public final class SecondPhase {
  private SecondPhase() {}

  /**
   * @param hits best first
   * @param scores of the first of them, in their order
   */
  public static List<RankedHit> apply(List<RankedHit> hits, List<Double> scores) {
    if (scores.size() > hits.size()) {
      throw new IllegalArgumentException(scores.size() + " scores for " + hits.size() + " hits");
    }
    var rescored = new ArrayList<RankedHit>(hits.size());
    for (int i = 0; i < scores.size(); i++) {
      rescored.add(new RankedHit(hits.get(i).id(), ScoreParts.ofRerank(scores.get(i))));
    }
    rescored.sort(null);
    rescored.addAll(hits.subList(scores.size(), hits.size()));
    return rescored;
  }
}
