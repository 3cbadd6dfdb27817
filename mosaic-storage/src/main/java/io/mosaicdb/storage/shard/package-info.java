/**
 * The sealed shard: one SQLite file, written once, named by the SHA-256 of its content, and read by
 * anyone.
 *
 * <p>{@link io.mosaicdb.storage.shard.ShardWriter} puts the documents, in id order, into plain
 * tables ({@code meta}, {@code documents}, {@code passages}, {@code links}, {@code attributes}, …)
 * and has the vector and the text packages add theirs. {@link
 * io.mosaicdb.storage.shard.SealedShard} opens the file read-only and keeps in memory what every
 * query touches: ids, versions, passage offsets, vector codes; attribute columns come in at the
 * first filter. The format is specified field by field in {@code docs/shard-format.md}.
 */
@NullMarked
package io.mosaicdb.storage.shard;

import org.jspecify.annotations.NullMarked;
