/**
 * What compaction decides, without touching a file: which shards are merged, and which documents
 * stand together afterwards.
 *
 * <p>{@link io.mosaicdb.storage.compaction.CompactionPolicy} looks at sizes and superseded
 * versions; {@link io.mosaicdb.storage.compaction.TopicGroups} cuts documents into shards by
 * k-means, so that each shard is about something and a router can leave the others out. The
 * partition does the work with both.
 */
@NullMarked
package io.mosaicdb.storage.compaction;

import org.jspecify.annotations.NullMarked;
