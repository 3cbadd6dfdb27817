/**
 * Vector search beside its peers: the index of a shard and Lucene's graphs, on the same vectors, in
 * the same process, one thread each.
 */
@NullMarked
package io.mosaicdb.benchmarks.vector;

import org.jspecify.annotations.NullMarked;
