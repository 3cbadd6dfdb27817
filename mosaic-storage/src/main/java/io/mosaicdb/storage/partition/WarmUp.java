package io.mosaicdb.storage.partition;

import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.shard.SealedShard;
import java.io.IOException;

/** Tries a shard that is on disk and open, before a generation names it. Thread-safe. */
@FunctionalInterface
public interface WarmUp {
  /**
   * @param schema the shard's
   * @throws IOException if the shard does not answer as it should: the generation is not activated
   */
  void run(SealedShard shard, Schema schema) throws IOException;
}
