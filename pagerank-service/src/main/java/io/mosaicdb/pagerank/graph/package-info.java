/**
 * A directed graph on disk, compressed and read in place.
 *
 * <p>{@link io.mosaicdb.pagerank.graph.LinkGraphWriter} takes edges in any order, sorts them in
 * runs that fit in memory and merges the runs into one file; {@link
 * io.mosaicdb.pagerank.graph.LinkGraph} maps that file. A graph of twenty million edges takes about
 * two to three bytes an edge, and building it needs memory for one run only.
 */
@NullMarked
package io.mosaicdb.pagerank.graph;

import org.jspecify.annotations.NullMarked;
