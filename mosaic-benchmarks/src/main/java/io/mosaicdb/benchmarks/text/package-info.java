/**
 * Keyword search in a shard beside Lucene's, on documents made here.
 *
 * <p>Run {@link io.mosaicdb.benchmarks.text.TextBenchmark} with {@code --add-modules
 * jdk.incubator.vector --enable-native-access=ALL-UNNAMED -Xmx6g} and the number of documents
 * (100000 if none is given).
 */
@NullMarked
package io.mosaicdb.benchmarks.text;

import org.jspecify.annotations.NullMarked;
