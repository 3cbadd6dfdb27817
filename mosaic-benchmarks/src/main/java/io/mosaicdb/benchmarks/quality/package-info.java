/**
 * Retrieval quality of the whole product on judged collections: {@link
 * io.mosaicdb.benchmarks.quality.Quality} indexes them as any user would, asks their questions in
 * every mode and prints nDCG beside what is known.
 */
@NullMarked
package io.mosaicdb.benchmarks.quality;

import org.jspecify.annotations.NullMarked;
