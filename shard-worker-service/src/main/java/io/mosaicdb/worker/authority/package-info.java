/** Links out of the documents for whoever computes ranks, and the ranks that come back. */
@NullMarked
package io.mosaicdb.worker.authority;

import org.jspecify.annotations.NullMarked;
