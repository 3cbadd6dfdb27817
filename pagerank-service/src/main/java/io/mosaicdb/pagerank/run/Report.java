package io.mosaicdb.pagerank.run;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of a run.
 *
 * @param level document or host
 * @param documents whose links were read
 * @param nodes that have a rank
 * @param edges between them, equal ones merged
 * @param dangling nodes that lead nowhere
 * @param links that were read
 * @param dropped links that are no edge, and why
 * @param warmStart whether it began with earlier ranks
 * @param iterations how many led to the ranks
 * @param residual how much the last one changed the ranks, summed over nodes; null without any
 * @param converged whether that is below the tolerance; else it stopped at its cap
 * @param seeds how many of the request's were nodes
 * @param missingSeeds the first of those that were none
 * @param ranked documents that got a rank
 * @param commits the commit of each partition that was read
 * @param phasesMs how long each phase took, those before a crash not counted
 */
record Report(
    String level,
    long documents,
    long nodes,
    long edges,
    long dangling,
    long links,
    Dropped dropped,
    boolean warmStart,
    int iterations,
    @Nullable Double residual,
    boolean converged,
    int seeds,
    List<String> missingSeeds,
    long ranked,
    Map<String, Long> commits,
    Map<String, Double> phasesMs) {
  /**
   * @param unknown lead to no document of the namespace
   * @param self lead to the node they come from, or concern a document on no host at that level
   * @param nofollow ask not to be followed
   * @param parallel repeat another link of the same document
   */
  record Dropped(long unknown, long self, long nofollow, long parallel) {}
}
