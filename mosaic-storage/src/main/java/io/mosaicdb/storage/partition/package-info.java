/**
 * A partition: one ordered commit log, a live segment, sealed shards, and the snapshot that readers
 * see.
 *
 * <p>Writes go one way: {@link io.mosaicdb.storage.partition.Partition#append} puts a commit into
 * the log; when it is on disk the log's writer thread applies it to the live segment, marks the
 * versions that it supersedes, and publishes a new {@link
 * io.mosaicdb.storage.search.PartitionSnapshot}; only then the append completes. Sealing freezes
 * the live segment (a new one takes over at once), writes its documents into a shard, activates the
 * generation that names it, and publishes a snapshot in which the shard stands for the frozen
 * segment. A manifest holds exactly the tombstones of the commits it covers: what came later is
 * found again by replaying the log after it.
 *
 * <p>The rooms behind {@link io.mosaicdb.storage.partition.Partition}: {@code WritePath} takes
 * commits through the log into the {@code SegmentTable}, which composes the snapshot; {@code
 * Sealer} turns frozen segments into shards; {@code Compactor} merges shards; {@code ShardRoom}
 * makes, opens and clears away shard files; {@code GenerationSwitch} is the one place where shards
 * take the place of segments, durably and at one moment; {@code ShardInspection} looks after the
 * files.
 */
@NullMarked
package io.mosaicdb.storage.partition;

import org.jspecify.annotations.NullMarked;
