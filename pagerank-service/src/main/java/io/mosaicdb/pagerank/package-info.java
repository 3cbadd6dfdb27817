/** The PageRank service. It starts, is found and reports its health; it does not rank yet. */
@NullMarked
package io.mosaicdb.pagerank;

import org.jspecify.annotations.NullMarked;
