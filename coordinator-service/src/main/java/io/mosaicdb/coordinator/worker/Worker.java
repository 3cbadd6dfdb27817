package io.mosaicdb.coordinator.worker;

import io.mosaicdb.contract.worker.ShardWorkerApi;

/**
 * One shard worker.
 *
 * @param id unique among the workers and stable while it runs
 */
public record Worker(String id, ShardWorkerApi api) {}
