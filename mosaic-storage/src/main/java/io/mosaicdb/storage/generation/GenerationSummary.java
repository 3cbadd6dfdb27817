package io.mosaicdb.storage.generation;

import java.time.Instant;
import java.util.List;

/**
 * A retained generation without its tombstones, which may be large: what a list of generations
 * shows.
 *
 * @param shardFiles names of the shard files it refers to
 * @param documents versions nothing has superseded
 */
public record GenerationSummary(
    long number,
    String manifestId,
    CommitRange commits,
    List<String> shardFiles,
    long documents,
    Instant createdAt) {
  public GenerationSummary {
    shardFiles = List.copyOf(shardFiles);
  }

  static GenerationSummary of(GenerationManifest manifest) {
    return new GenerationSummary(
        manifest.number(),
        manifest.manifestId(),
        manifest.commits(),
        manifest.shards().stream().map(ShardDescriptor::fileName).toList(),
        manifest.shards().stream().mapToLong(ShardDescriptor::documents).sum()
            - manifest.tombstones().values().stream().mapToLong(Tombstones::size).sum(),
        manifest.createdAt());
  }
}
