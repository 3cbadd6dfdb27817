@NullMarked
package io.mosaicdb.pagerank.graph;

import org.jspecify.annotations.NullMarked;
