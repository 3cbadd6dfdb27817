package io.mosaicdb.storage.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.model.document.CommitBatch;
import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.document.Operation;
import io.mosaicdb.model.document.Passage;
import io.mosaicdb.model.document.Vectors;
import io.mosaicdb.model.schema.Metric;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.model.schema.VectorField;
import io.mosaicdb.model.schema.VectorOrigin;
import io.mosaicdb.storage.document.CommitCodec;
import io.mosaicdb.storage.log.LogSettings;
import io.mosaicdb.storage.search.PartitionSnapshot;
import io.mosaicdb.storage.search.Routing;
import io.mosaicdb.storage.search.SearchCommand;
import io.mosaicdb.storage.search.SearchOutcome;
import io.mosaicdb.storage.search.SnapshotSearch;
import io.mosaicdb.storage.shard.SealedShard;
import io.mosaicdb.storage.shard.ShardSchema;
import io.mosaicdb.storage.sqlite.ReadOnlySettings;
import io.mosaicdb.storage.text.TextIndexMemory;
import io.mosaicdb.storage.text.TextQueryParser;
import io.mosaicdb.storage.vector.VectorMetric;
import io.mosaicdb.storage.vector.VectorQuery;
import io.mosaicdb.storage.vector.VectorSearchOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** Partitions on a disk, with a clock that the test sets, and what they answer. */
final class PartitionFixture implements AutoCloseable {
  static final int DIMENSIONS = 8;
  static final Schema SCHEMA =
      new Schema(
          Schema.standard(0).fields(),
          new TreeMap<>(),
          new VectorField(DIMENSIONS, Metric.COSINE, VectorOrigin.CLIENT),
          false);

  final SettableClock clock = new SettableClock();
  final TextIndexMemory textMemory = new TextIndexMemory(1 << 24);
  final ShardReaders readers = new ShardReaders();
  Verification verification = Verification.defaults();
  LogSettings log = LogSettings.defaults();
  volatile @Nullable String warmUpFailure;
  int damagedShards = Integer.MAX_VALUE;
  int sealDocuments = 1000;
  private final Path folder;
  private final Duration retention;
  private final ScheduledExecutorService cleaner = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService pool = Executors.newFixedThreadPool(2);
  private final SnapshotSearch search = new SnapshotSearch(pool, 2);
  private final List<Partition> opened = new ArrayList<>();

  PartitionFixture(Path folder, Duration retention) {
    this.folder = folder;
    this.retention = retention;
  }

  private void warmUp(SealedShard shard, Schema schema) throws IOException {
    var failure = warmUpFailure;
    if (failure != null) {
      throw new IOException(failure);
    }
    Partition.Resources.queries().run(shard, schema);
  }

  Path folder(String name) {
    return folder.resolve(name);
  }

  Partition open(String name) throws IOException {
    var settings =
        new PartitionSettings(
            log,
            ReadOnlySettings.defaults(),
            sealDocuments,
            1L << 30,
            Duration.ofHours(1000),
            retention,
            4);
    var partition =
        Partition.open(
            0,
            folder(name),
            () -> SCHEMA,
            settings,
            new Partition.Resources(
                textMemory,
                cleaner,
                pool,
                readers,
                verification,
                clock,
                this::warmUp,
                damagedShards));
    opened.add(partition);
    return partition;
  }

  void close(Partition partition) {
    partition.close();
    opened.remove(partition);
  }

  Partition reopen(Partition partition, String name) throws IOException {
    close(partition);
    return open(name);
  }

  @Override
  public void close() {
    opened.forEach(Partition::close);
    cleaner.shutdownNow();
    pool.shutdownNow();
  }

  static long write(Partition partition, Operation... operations) {
    return partition
        .append(CommitCodec.encode(new CommitBatch("", Arrays.asList(operations))), null)
        .join()
        .commitSeq();
  }

  static Operation upsert(String id, String text, float... vector) {
    return Operation.upsert(
        new Document(
            id,
            new TreeMap<>(Map.of("text", text)),
            null,
            new TreeMap<>(),
            List.of(),
            vector.length == 0
                ? List.of()
                : List.of(new Passage(0, text.length(), Vectors.toBytes(vector)))));
  }

  static float[] vector(long seed) {
    return near(seed, 0, new Random(seed));
  }

  /** A vector of a topic: {@code spread} 0 is its middle. */
  static float[] near(long topic, double spread, Random random) {
    var direction = new Random(topic);
    var vector = new float[DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] = (float) (direction.nextGaussian() + spread * random.nextGaussian());
    }
    return vector;
  }

  /** As {@link #words}, where a shard may fail that no one has named yet. */
  List<String> any(PartitionSnapshot snapshot, String text) throws Exception {
    return found(searched(snapshot, text));
  }

  List<String> words(PartitionSnapshot snapshot, String text) throws Exception {
    var outcome = searched(snapshot, text);
    assertThat(outcome.segments())
        .allMatch(each ->
            each.state() == SearchOutcome.State.SEARCHED
                || each.state() == SearchOutcome.State.PRUNED
                || !snapshot.missing().isEmpty());
    return found(outcome);
  }

  private static List<String> found(SearchOutcome outcome) {
    return outcome.text().stream().map(hit -> hit.id() + " " + rounded(hit.score())).toList();
  }

  private SearchOutcome searched(PartitionSnapshot snapshot, String text) throws Exception {
    var query = new TextQueryParser(ShardSchema.indexedFields(SCHEMA)).parse(text);
    var command =
        new SearchCommand(
            query, null, VectorSearchOptions.DEFAULT, null, 2_000, null, Duration.ofSeconds(60));
    return search.search(List.of(snapshot), command);
  }

  /** By exact distances, so that the answer does not depend on how vectors are laid out. */
  List<String> nearest(PartitionSnapshot snapshot, float[] vector, int candidates)
      throws Exception {
    var command =
        new SearchCommand(
            null,
            VectorQuery.of(VectorMetric.COSINE, vector),
            VectorSearchOptions.EXACT,
            null,
            candidates,
            null,
            Duration.ofSeconds(60));
    return search.search(List.of(snapshot), command).vector().stream()
        .map(hit -> hit.id() + " " + rounded(hit.score()))
        .toList();
  }

  /** Of a search by vectors, and by words too where there are any. */
  SearchOutcome routed(
      PartitionSnapshot snapshot, @Nullable String text, float[] vector, Routing routing)
      throws Exception {
    var parser = new TextQueryParser(ShardSchema.indexedFields(SCHEMA));
    var command =
        new SearchCommand(
            text == null ? null : parser.parse(text),
            VectorQuery.of(VectorMetric.COSINE, vector),
            VectorSearchOptions.EXACT,
            null,
            100,
            null,
            Duration.ofSeconds(60),
            List.of(),
            null,
            null,
            null,
            null,
            routing);
    return search.search(List.of(snapshot), command);
  }

  private static String rounded(double score) {
    return "%.3f".formatted(score);
  }

  static List<String> ids(List<String> hits) {
    return hits.stream().map(hit -> hit.substring(0, hit.indexOf(' '))).sorted().toList();
  }

  static void copy(Path from, Path to) {
    try (var paths = Files.walk(from)) {
      for (Path each : paths.toList()) {
        var target = to.resolve(from.relativize(each));
        if (Files.isDirectory(each)) {
          Files.createDirectories(target);
        } else {
          Files.copy(each, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static final class SettableClock extends Clock {
    // Sealing and merging read it on threads of their own.
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

    void pass(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
