package io.mosaicdb.pagerank.rank;

import org.jspecify.annotations.Nullable;

/**
 * Where a surfer goes who follows no link. Distributions have one value a node, none negative, and
 * are scaled to sum 1.
 *
 * @param teleport after losing interest; null: anywhere
 * @param dangling from a node without links; null: as {@code teleport}
 */
public record Jumps(double @Nullable [] teleport, double @Nullable [] dangling) {
  public static final Jumps ANYWHERE = new Jumps(null, null);

  /** Ranks as seen from some nodes. */
  public static Jumps to(double[] distribution) {
    return new Jumps(distribution, null);
  }
}
