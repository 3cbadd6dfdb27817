/** How the whole product answers under load: {@link io.mosaicdb.benchmarks.load.LoadBenchmark}. */
@NullMarked
package io.mosaicdb.benchmarks.load;

import org.jspecify.annotations.NullMarked;
