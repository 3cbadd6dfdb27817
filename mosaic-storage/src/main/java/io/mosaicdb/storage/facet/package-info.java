/**
 * Counts over the attributes of a set of documents: values, histograms, ranges, statistics.
 *
 * <p>A {@link io.mosaicdb.storage.facet.Facet} is counted segment by segment over a bitmap of
 * documents, into a {@link io.mosaicdb.storage.facet.FacetCounts} each, and these are added up.
 * Every count is exact, a document counts once for each distinct value (or bucket) that it has, and
 * what had to be left out is said: {@link io.mosaicdb.storage.facet.FacetCounts#isComplete()}.
 */
@NullMarked
package io.mosaicdb.storage.facet;

import org.jspecify.annotations.NullMarked;
