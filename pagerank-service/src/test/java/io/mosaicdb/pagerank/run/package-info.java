@NullMarked
package io.mosaicdb.pagerank.run;

import org.jspecify.annotations.NullMarked;
