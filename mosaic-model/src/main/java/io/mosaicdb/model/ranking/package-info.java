/**
 * How hits are ordered. The lists of the retrieval legs become one by {@link
 * io.mosaicdb.model.ranking.Fusion}; {@link io.mosaicdb.model.ranking.Boost}s raise scores by what
 * a document is beside its words; {@link io.mosaicdb.model.ranking.SecondPhase} puts better scores
 * in the place of good ones; {@link io.mosaicdb.model.ranking.MaximalMarginalRelevance} changes the
 * order and no score. Between them goes a list of {@link io.mosaicdb.model.ranking.RankedHit}s,
 * whose score is the sum of its parts at every stage.
 */
@NullMarked
package io.mosaicdb.model.ranking;

import org.jspecify.annotations.NullMarked;
