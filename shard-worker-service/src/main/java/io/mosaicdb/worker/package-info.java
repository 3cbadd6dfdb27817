/**
 * The shard worker: holds partitions and answers for them over {@link
 * io.mosaicdb.contract.worker.ShardWorkerApi}. A thin host around {@code mosaic-storage}.
 */
@NullMarked
package io.mosaicdb.worker;

import org.jspecify.annotations.NullMarked;
