package io.mosaicdb.pagerank.rank;

/**
 * How ranks are computed.
 *
 * @param damping the probability of following a link, in [0, 1)
 * @param tolerance iteration ends when the ranks' change, summed over nodes, is below it; 0: never
 * @param maxIterations iteration ends after as many
 */
public record RankSettings(double damping, double tolerance, int maxIterations) {
  /** With this damping the tolerance is always met before the cap: .85 to the 150th is 3e-11. */
  public static final RankSettings STANDARD = new RankSettings(.85, 1e-9, 150);

  /** The most that {@code maxIterations} may be. */
  public static final int MOST_ITERATIONS = 10_000;

  public RankSettings {
    if (!(damping >= 0 && damping < 1)) {
      throw new IllegalArgumentException("damping must be in [0, 1), got " + damping);
    }
    if (!(tolerance >= 0 && tolerance < 1)) {
      throw new IllegalArgumentException("tolerance must be in [0, 1), got " + tolerance);
    }
    if (maxIterations < 1 || maxIterations > MOST_ITERATIONS) {
      throw new IllegalArgumentException(
          "max_iterations must be between 1 and " + MOST_ITERATIONS + ", got " + maxIterations);
    }
  }
}
