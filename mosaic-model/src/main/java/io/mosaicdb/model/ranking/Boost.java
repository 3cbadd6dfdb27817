package io.mosaicdb.model.ranking;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Raises scores by {@code weight} times a value of the document: with the legs' score s and the
 * value v it adds |s| · weight · v. It is a share of the score, so one weight suits BM25, cosines
 * and fused ranks alike; the magnitude, so that a negative cosine is raised as well.
 *
 * @param part the part of the score that the boost makes
 * @param weight at least 0
 * @param value of a document, by id: 0 to 1, 0 where it has none
 */
public record Boost(ScorePart part, double weight, ToDoubleFunction<String> value) {
  public static final double MAX_WEIGHT = 1000;

  public Boost {
    if (!(weight >= 0 && weight <= MAX_WEIGHT)) {
      throw new IllegalArgumentException(
          "weight must be between 0 and " + MAX_WEIGHT + ", got " + weight);
    }
  }

  /** The hits with their new scores, best first. */
  public List<RankedHit> apply(List<RankedHit> hits) {
    var boosted = new ArrayList<RankedHit>(hits.size());
    for (var hit : hits) {
      double added = Math.abs(hit.parts().legs()) * weight * value.applyAsDouble(hit.id());
      boosted.add(new RankedHit(hit.id(), hit.parts().with(part, added)));
    }
    boosted.sort(null);
    return boosted;
  }
}
