/**
 * Keeps searches from shards that fail or hold them up again and again, and lets one through now
 * and then to see whether the shard is well.
 */
@NullMarked
package io.mosaicdb.worker.breaker;

import org.jspecify.annotations.NullMarked;
