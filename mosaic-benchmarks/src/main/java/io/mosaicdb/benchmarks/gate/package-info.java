/** Notices when a change makes something slower. */
@NullMarked
package io.mosaicdb.benchmarks.gate;

import org.jspecify.annotations.NullMarked;
