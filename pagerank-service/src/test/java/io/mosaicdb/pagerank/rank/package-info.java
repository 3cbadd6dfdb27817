@NullMarked
package io.mosaicdb.pagerank.rank;

import org.jspecify.annotations.NullMarked;
