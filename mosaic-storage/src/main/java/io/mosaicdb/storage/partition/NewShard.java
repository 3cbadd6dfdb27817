package io.mosaicdb.storage.partition;

import io.mosaicdb.storage.generation.ShardDescriptor;
import io.mosaicdb.storage.shard.SealedShard;
import io.mosaicdb.storage.shard.ShardWriter;

/** A shard that is on disk and open, and not yet part of a generation. */
record NewShard(ShardWriter.WrittenShard written, SealedShard opened) {
  String shardId() {
    return written.shardId();
  }

  ShardDescriptor descriptor() {
    return new ShardDescriptor(
        written.shardId(),
        String.valueOf(written.file().getFileName()),
        written.checksum(),
        written.bytes(),
        written.documents().size(),
        written.passages(),
        written.firstCommitSeq(),
        written.lastCommitSeq(),
        written.centroidsChecksum());
  }
}
