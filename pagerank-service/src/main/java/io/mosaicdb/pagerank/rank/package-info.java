/**
 * PageRank by the power method.
 *
 * <p>Source: L. Page, S. Brin, R. Motwani, T. Winograd, "The PageRank Citation Ranking: Bringing
 * Order to the Web", 1999. With damping {@code d}, teleport distribution {@code t} and the ranks'
 * mass on dangling nodes {@code m}:
 *
 * <pre>
 * rank'(v) = (1 - d) t(v) + d (m t(v) + sum over edges u -> v of rank(u) weight / outWeight(u))
 * </pre>
 *
 * <p>Without a teleport distribution it is uniform. Ranks sum to 1. The result does not depend on
 * how many threads compute it: sums that cross nodes are taken over fixed blocks in order.
 */
@NullMarked
package io.mosaicdb.pagerank.rank;

import org.jspecify.annotations.NullMarked;
