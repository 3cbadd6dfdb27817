/**
 * How fast documents with given vectors become durable: {@link
 * io.mosaicdb.benchmarks.ingest.IngestBenchmark}, into a partition and through the public
 * interface.
 */
@NullMarked
package io.mosaicdb.benchmarks.ingest;

import org.jspecify.annotations.NullMarked;
