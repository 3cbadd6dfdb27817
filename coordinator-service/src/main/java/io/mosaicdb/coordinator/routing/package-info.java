/**
 * The routing database: one place that says which shards there are, where, how much they are asked,
 * and what they are about. It is a mirror of what the workers say, refreshed at an interval and as
 * soon as an answer shows that a generation has changed; deleted, it is made anew from them, while
 * the process runs or at its next start. Nothing depends on it to be right: which shards a search
 * leaves out is decided by the worker, on the snapshot that it reads, with the same centroids and
 * filters (see {@code docs/adr/0010-shards-are-pruned-where-they-are-read.md}).
 *
 * <p>{@code routing.db}: SQLite, WAL, synchronous=NORMAL, application_id 0x4D525447, user_version
 * 1, readable by other processes at any time.
 *
 * <ul>
 *   <li>{@code shards}: {@code namespace}, {@code partition}, {@code shard_id}, {@code worker},
 *       {@code path} (in the worker's data folder), {@code documents}, {@code passages}, {@code
 *       deleted}, {@code bytes}, {@code queries}, {@code last_queried} (RFC 3339, null: never),
 *       {@code status}, {@code hot}, {@code checksum}, {@code term_filter} (a Bloom filter as
 *       {@code docs/shard-format.md} describes it), {@code refreshed_at} (milliseconds since 1970,
 *       UTC)
 *   <li>{@code centroids}: {@code namespace}, {@code partition}, {@code shard_id}, {@code number},
 *       {@code vector} (little-endian floats), {@code norm}, {@code passages}
 * </ul>
 */
@NullMarked
package io.mosaicdb.coordinator.routing;

import org.jspecify.annotations.NullMarked;
