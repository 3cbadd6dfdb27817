package io.mosaicdb.storage.vector;

/**
 * How hard a search tries.
 *
 * @param targetRecall the share of the true best that the search aims at, which sets the two
 *     numbers below where they are 0; a target, measured on text embeddings, not a promise
 * @param probes how many cells are scanned, 0 to follow the target; filters widen it
 * @param rescored how many of the best codes are scored again by bytes, 0 to follow the target
 * @param exact whether to guarantee the true best instead, at the price of reading every row of
 *     bytes
 */
public record VectorSearchOptions(double targetRecall, int probes, int rescored, boolean exact) {
  /** Aims at a recall of .98. */
  public static final VectorSearchOptions DEFAULT = targeting(.98);

  /** The true best, always. */
  public static final VectorSearchOptions EXACT = new VectorSearchOptions(1, 0, 0, true);

  public VectorSearchOptions {
    if (!(targetRecall > 0 && targetRecall <= 1)) {
      throw new IllegalArgumentException(
          "target recall must be above 0 and at most 1, got " + targetRecall);
    }
    if (probes < 0) {
      throw new IllegalArgumentException("probes must be >= 0, got " + probes);
    }
    if (rescored < 0) {
      throw new IllegalArgumentException("rescored must be >= 0, got " + rescored);
    }
  }

  public static VectorSearchOptions targeting(double recall) {
    return new VectorSearchOptions(recall, 0, 0, false);
  }

  /**
   * Scans {@code probes} cells and scores {@code rescored} candidates by bytes; for experiments.
   */
  public static VectorSearchOptions fixed(int probes, int rescored) {
    return new VectorSearchOptions(.98, probes, rescored, false);
  }

  /** How many of {@code cells} an unfiltered search scans. */
  int probesOf(int cells) {
    return Math.clamp(probes > 0 ? probes : aimedProbes(cells), 1, Math.max(1, cells));
  }

  // Of 316 cells over real bge-small vectors 64 held .965 of the true ten best, 128 above .99. The
  // benchmark's vectors cluster more loosely: of 316 cells 95 held .96, 136 .98 and 177 .99; of 640
  // cells 112, 177 and 257; of 1,024 cells 131, 218 and 363: powers of the number of cells. Some
  // more make up for what codes lose. Chosen on questions that are not those of the benchmark.
  private int aimedProbes(int cells) {
    double finer = cells / 316.0;
    if (targetRecall <= .95) {
      return (int) (103 * Math.pow(finer, .5));
    }
    if (targetRecall <= .98) {
      return (int) (158 * Math.pow(finer, .5));
    }
    return targetRecall <= .99 ? (int) (205 * Math.pow(finer, .6)) : cells;
  }

  /**
   * The most candidates that codes hand on for {@code k} results: about three times as many as 384
   * dimensions need, and more where fewer bits tell less.
   */
  int candidatesOf(int k, int dimensions) {
    int enough = 128 + 10 * k;
    return rescored > 0 ? Math.max(rescored, k) : enough * Math.clamp(384 / dimensions, 1, 4);
  }

  /**
   * How many standard deviations of its error an estimate may lie behind the k-th best score for
   * its vector to be scored again. Some of the true best lie further behind, but few of them just
   * at the k-th score, so that fewer are lost than the normal distribution has beyond.
   */
  float doubt() {
    if (rescored > 0) {
      return Float.POSITIVE_INFINITY;
    }
    if (targetRecall <= .95) {
      return 1.2f;
    }
    if (targetRecall <= .98) {
      return 1.7f;
    }
    return targetRecall <= .99 ? 2.2f : 4;
  }
}
