package io.mosaicdb.storage.text;

/**
 * Okapi BM25 over weighted fields: Robertson, Zaragoza, Taylor, "Simple BM25 extension to multiple
 * weighted fields" (CIKM 2004). Frequencies and lengths are summed over fields with the fields'
 * weights, and the sum is saturated once; with all weights 1 it equals BM25 of the fields' text
 * joined. Constants and idf are those of Robertson and Zaragoza, "The Probabilistic Relevance
 * Framework" (2009), as used by Lucene: no factor (k1 + 1), which changes no order.
 */
final class Bm25 {
  static final double K1 = 1.2;
  static final double B = 0.75;

  private Bm25() {}

  static double idf(long documents, long documentFrequency) {
    return Math.log(1 + (documents - documentFrequency + 0.5) / (documentFrequency + 0.5));
  }

  /** The part of a posting's score that does not depend on the collection's other documents. */
  static double impact(double weightedFrequency, double norm) {
    return weightedFrequency / (weightedFrequency + norm);
  }
}
