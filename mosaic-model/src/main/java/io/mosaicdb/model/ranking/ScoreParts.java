package io.mosaicdb.model.ranking;

import org.jspecify.annotations.Nullable;

/**
 * What each part adds to a score; 0 where it has no say.
 *
 * @param text of the words' leg
 * @param vector of the vectors' leg
 * @param authority of the links that lead to the document
 * @param recency of the document's age
 * @param rerank of the second phase, which replaces all others; null where it did not see the hit
 */
public record ScoreParts(
    double text, double vector, double authority, double recency, @Nullable Double rerank) {
  public static ScoreParts of(double text, double vector) {
    return new ScoreParts(text, vector, 0, 0, null);
  }

  public static ScoreParts ofRerank(double score) {
    return new ScoreParts(0, 0, 0, 0, score);
  }

  /** What the legs say, before any boost. */
  public double legs() {
    return text + vector;
  }

  /** The score. */
  public double sum() {
    return text + vector + authority + recency + (rerank == null ? 0 : rerank);
  }

  ScoreParts with(ScorePart part, double value) {
    return switch (part) {
      case TEXT -> new ScoreParts(value, vector, authority, recency, rerank);
      case VECTOR -> new ScoreParts(text, value, authority, recency, rerank);
      case AUTHORITY -> new ScoreParts(text, vector, value, recency, rerank);
      case RECENCY -> new ScoreParts(text, vector, authority, value, rerank);
      case RERANK -> new ScoreParts(text, vector, authority, recency, value);
    };
  }
}
