/**
 * Computations of ranks, from the request to the files that searches go by.
 *
 * <p>A run is a Spring Batch job of four steps: collect the links from the workers, build the graph
 * on disk, iterate, publish. Each step leaves what it made in the run's own folder, and can be
 * started again: collecting goes on with the next page of documents, iterating from the last
 * checkpoint, publishing from the beginning. A run that was going on when the process died is taken
 * up when it starts. One run a namespace goes on at a time.
 */
@NullMarked
package io.mosaicdb.pagerank.run;

import org.jspecify.annotations.NullMarked;
