package io.mosaicdb.model.ranking;

/**
 * What a document's rank by links is worth to its score. With x, the rank in multiples of the
 * average one, it is the saturation x / (x + 1): 0 without a rank, one half at the average, never
 * 1. Ranks follow a power law, so a linear boost would be the front pages' alone; a logarithm has
 * no upper bound. Craswell, Robertson, Zaragoza and Taylor ("Relevance weighting for query
 * independent evidence", SIGIR 2005) find the saturating forms the best for PageRank. The bound
 * also says when no document that was not looked at could be among the best.
 */
public final class LinkAuthority {
  /** Where a request gives none: {@code docs/adr/0012-authority-beside-the-shards.md}. */
  public static final double STANDARD_WEIGHT = 0.1;

  private LinkAuthority() {}

  /** From 0 to 1, ascending; {@code relative} is in multiples of the average rank. */
  public static double value(double relative) {
    return relative <= 0 ? 0 : relative / (relative + 1);
  }
}
