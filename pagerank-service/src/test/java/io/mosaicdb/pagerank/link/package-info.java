@NullMarked
package io.mosaicdb.pagerank.link;

import org.jspecify.annotations.NullMarked;
