/** Programs that are run by hand: ranks beside published ones, and how fast they are computed. */
@NullMarked
package io.mosaicdb.pagerank.check;

import org.jspecify.annotations.NullMarked;
