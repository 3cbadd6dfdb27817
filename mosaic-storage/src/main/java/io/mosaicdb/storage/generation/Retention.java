package io.mosaicdb.storage.generation;

import java.util.List;

/**
 * What may go.
 *
 * @param generations numbers of generations no longer retained, oldest first
 * @param shardFiles names of shard files that no retained generation refers to
 */
public record Retention(List<Long> generations, List<String> shardFiles) {
  public Retention {
    generations = List.copyOf(generations);
    shardFiles = List.copyOf(shardFiles);
  }

  public boolean isEmpty() {
    return generations.isEmpty() && shardFiles.isEmpty();
  }
}
