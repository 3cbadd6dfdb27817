package io.mosaicdb.storage.partition;

import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.document.DocumentVersion;
import io.mosaicdb.storage.generation.GenerationStore;
import io.mosaicdb.storage.generation.ShardDescriptor;
import io.mosaicdb.storage.shard.SealedShard;
import io.mosaicdb.storage.shard.ShardWriter;
import io.mosaicdb.storage.vector.CentroidSet;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a partition's shard files are made, opened and cleared away.
 *
 * <p>A file is made some time before a generation names it. {@link #making} tells the clearing to
 * keep away for so long.
 */
final class ShardRoom {
  private final Supplier<Supplier<Schema>> schema;
  private final Supplier<PartitionSettings> settings;
  private final Partition.Resources resources;
  private final GenerationStore generations;
  private final SegmentTable table;
  private final ReentrantReadWriteLock files = new ReentrantReadWriteLock();

  /**
   * @param schema the schema in force; a shard keeps the one that it was opened with, for those who
   *     still read it when another takes its place
   */
  ShardRoom(
      Supplier<Supplier<Schema>> schema,
      Supplier<PartitionSettings> settings,
      Partition.Resources resources,
      GenerationStore generations,
      SegmentTable table) {
    this.schema = schema;
    this.settings = settings;
    this.resources = resources;
    this.generations = generations;
    this.table = table;
  }

  /** Work that makes shards and puts them into a generation. */
  interface Making<T> {
    T run() throws IOException, SQLException;
  }

  /** Runs {@code work}; no shard file is cleared away until it ends. */
  <T> T making(Making<T> work) throws IOException, SQLException {
    files.readLock().lock();
    try {
      return work.run();
    } finally {
      files.readLock().unlock();
    }
  }

  /**
   * Writes a shard and opens it; within {@link #making}.
   *
   * @param made shards of the same work, whose file names are taken
   */
  NewShard make(List<DocumentVersion> versions, List<NewShard> made)
      throws IOException, SQLException {
    var model = table.embedder();
    return make(versions, made, schema.get(), model == null ? "" : model, table.centroids());
  }

  /**
   * The same with another schema and another model's vectors.
   *
   * @param centroids the cells of those vectors, null where there are none so far
   */
  NewShard make(
      List<DocumentVersion> versions,
      List<NewShard> made,
      Supplier<Schema> of,
      String model,
      @Nullable CentroidSet centroids)
      throws IOException, SQLException {
    var taken = new HashSet<String>();
    made.forEach(each -> taken.add(each.descriptor().fileName()));
    generations.generations().forEach(generation -> taken.addAll(generation.shardFiles()));
    var written =
        new ShardWriter(of.get())
            .write(generations.shardFolder(), versions, model, centroids, taken);
    return new NewShard(written, open(written.file(), of));
  }

  SealedShard open(ShardDescriptor descriptor) throws SQLException {
    return open(generations.shardFile(descriptor), schema.get());
  }

  private SealedShard open(Path file, Supplier<Schema> of) throws SQLException {
    return SealedShard.open(
        file, of, settings.get().shards(), resources.textMemory(), resources.cleaner());
  }

  /**
   * Removes generations that retention lets go, and files nobody names; later if files are made.
   */
  void clear() throws IOException {
    if (!files.writeLock().tryLock()) {
      return;
    }
    try {
      var retention = generations.retain(settings.get().retainGenerations(), List.of());
      if (!retention.isEmpty()) {
        generations.drop(retention);
      }
    } finally {
      files.writeLock().unlock();
    }
  }
}
