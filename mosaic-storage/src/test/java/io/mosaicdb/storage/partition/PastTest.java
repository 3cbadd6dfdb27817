package io.mosaicdb.storage.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.model.document.CommitBatch;
import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.document.Operation;
import io.mosaicdb.model.document.Passage;
import io.mosaicdb.model.document.Vectors;
import io.mosaicdb.model.schema.Metric;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.model.schema.VectorField;
import io.mosaicdb.model.schema.VectorOrigin;
import io.mosaicdb.storage.compaction.CompactionPolicy.Scope;
import io.mosaicdb.storage.compaction.CompactionSettings;
import io.mosaicdb.storage.document.CommitCodec;
import io.mosaicdb.storage.log.LogSettings;
import io.mosaicdb.storage.search.PartitionSnapshot;
import io.mosaicdb.storage.search.SearchCommand;
import io.mosaicdb.storage.search.SearchOutcome.LegHit;
import io.mosaicdb.storage.search.SnapshotSearch;
import io.mosaicdb.storage.shard.ShardSchema;
import io.mosaicdb.storage.sqlite.ReadOnlySettings;
import io.mosaicdb.storage.text.TextIndexMemory;
import io.mosaicdb.storage.text.TextQueryParser;
import io.mosaicdb.storage.vector.VectorMetric;
import io.mosaicdb.storage.vector.VectorQuery;
import io.mosaicdb.storage.vector.VectorSearchOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every commit within the retention is a snapshot that can be read exactly. */
class PastTest {
  private static final int DIMENSIONS = 8;
  private static final Schema SCHEMA =
      new Schema(
          Schema.standard(0).fields(),
          new TreeMap<>(),
          new VectorField(DIMENSIONS, Metric.COSINE, VectorOrigin.CLIENT),
          false);

  @TempDir private Path folder;
  private final ScheduledExecutorService cleaner = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService pool = Executors.newFixedThreadPool(2);
  private final SnapshotSearch search = new SnapshotSearch(pool, 2);
  private final List<Partition> opened = new ArrayList<>();
  private final PartitionFixture.SettableClock clock = new PartitionFixture.SettableClock();

  @AfterEach
  void close() {
    opened.forEach(Partition::close);
    cleaner.shutdownNow();
    pool.shutdownNow();
  }

  @Test
  void aReplacedTextIsFoundAsItWasBeforeTheReplacement() throws Exception {
    var partition = open(Duration.ofHours(1));
    long before = write(partition, upsert("one", "red apples", 1));
    long after = write(partition, upsert("one", "blue plums", 2));
    long deleted = write(partition, Operation.delete("one"));

    for (int round = 0; round < 2; round++) {
      assertThat(textOf(partition, before, "one")).isEqualTo("red apples");
      assertThat(textOf(partition, after, "one")).isEqualTo("blue plums");
      assertThat(textOf(partition, deleted, "one")).isNull();
      assertThat(words(partition.snapshotAt(before), "apples")).containsExactly("one");
      assertThat(words(partition.snapshotAt(after), "apples plums")).containsExactly("one");
      assertThat(words(partition.snapshotAt(0), "apples plums")).isEmpty();
      partition.seal();
    }
  }

  /**
   * Any interleaving of writes, seals, merges and restarts: a search at a commit finds what a map
   * of that commit holds, and gives what it gave when that commit was the newest, scores included.
   */
  @Test
  void everyCommitIsReadAsItWas() throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var partition = open(Duration.ofHours(1));
    var states = new ArrayList<Map<String, String>>();
    var answers = new ArrayList<List<LegHit>>();
    states.add(Map.of());
    answers.add(List.of());
    for (int step = 0; step < 300; step++) {
      int choice = random.nextInt(100);
      if (choice < 75) {
        var state = new HashMap<>(states.getLast());
        var operations = new ArrayList<Operation>();
        for (int i = random.nextInt(5); i >= 0; i--) {
          var id = "d" + random.nextInt(25);
          if (random.nextInt(4) == 0) {
            operations.add(Operation.delete(id));
            state.remove(id);
          } else {
            // Few texts, so that the same content is sealed again and again.
            var text = "all w" + random.nextInt(4);
            operations.add(upsert(id, text, text.hashCode()));
            state.put(id, text);
          }
        }
        long seq = write(partition, operations.toArray(Operation[]::new));
        assertThat(seq).isEqualTo(states.size());
        states.add(state);
        answers.add(hits(partition.snapshot()));
      } else if (choice < 88) {
        partition.seal();
      } else if (choice < 94) {
        partition.compact(CompactionSettings.forShardsOf(20), Scope.ALL, () -> false);
      } else {
        partition.close();
        opened.remove(partition);
        partition = open(Duration.ofHours(1));
      }
      int seq = random.nextInt(states.size());
      var past = partition.snapshotAt(seq);
      var state = states.get(seq);
      var told = "seed " + seed + " step " + step + " commit " + seq;
      assertThat(past.commitSeq()).as(told).isEqualTo(seq);
      assertThat(past.liveDocuments()).as(told).isEqualTo(state.size());
      for (int w = 0; w < 4; w++) {
        var text = "all w" + w;
        assertThat(words(past, "w" + w))
            .as(told)
            .containsExactlyInAnyOrderElementsOf(
                state.entrySet().stream()
                    .filter(entry -> entry.getValue().equals(text))
                    .map(Map.Entry::getKey)
                    .toList());
      }
      var id = "d" + random.nextInt(25);
      assertThat(textOf(partition, seq, id)).as(told).isEqualTo(state.get(id));
      assertThat(ranked(hits(past))).as(told).isEqualTo(ranked(answers.get(seq)));
    }
  }

  @Test
  void theSameDocumentsAgainKeepTheirPast() throws Exception {
    var partition = open(Duration.ofHours(1));
    for (int round = 1; round <= 4; round++) {
      write(partition, upsert("one", "red apples", 1), upsert("two", "green pears", 2));
      partition.seal();

      for (long seq = 1; seq <= round; seq++) {
        var found = Partition.find(partition.snapshotAt(seq), "one", false).orElseThrow();
        assertThat(found.version().version()).isEqualTo(seq);
        assertThat(words(partition.snapshotAt(seq), "pears")).containsExactly("two");
      }
      assertThat(partition.status().documents()).isEqualTo(2);
    }
  }

  @Test
  void aPastThatIsOutsideTheRetentionIsGoneAndTheNearestNamed() throws Exception {
    var partition = open(Duration.ofHours(1));
    write(partition, upsert("one", "red apples", 1));
    write(partition, upsert("one", "blue plums", 1));
    partition.seal();
    clock.pass(Duration.ofMinutes(50));
    write(partition, upsert("one", "green pears", 1));
    partition.seal();
    clock.pass(Duration.ofMinutes(20));

    partition.maintain();

    assertThat(partition.horizon()).isEqualTo(2);
    assertThat(textOf(partition, 2, "one")).isEqualTo("blue plums");
    assertThatThrownBy(() -> partition.snapshotAt(1))
        .isInstanceOfSatisfying(
            CommitNotReadableException.class,
            e -> {
              assertThat(e.isGone()).isTrue();
              assertThat(e.nearest()).isEqualTo(2);
            })
        .hasMessageContaining("the oldest is 2");
    assertThatThrownBy(() -> partition.snapshotAt(4))
        .isInstanceOfSatisfying(
            CommitNotReadableException.class,
            e -> {
              assertThat(e.isGone()).isFalse();
              assertThat(e.nearest()).isEqualTo(3);
            });
    clock.pass(Duration.ofMinutes(50));
    partition.maintain();
    assertThat(partition.horizon()).isEqualTo(3);
  }

  @Test
  void theHorizonIsRememberedInTheManifest() throws Exception {
    var partition = open(Duration.ofHours(1));
    write(partition, upsert("one", "red apples", 1));
    partition.seal();
    clock.pass(Duration.ofHours(2));
    write(partition, upsert("one", "blue plums", 1));
    partition.seal();
    partition.close();
    opened.clear();

    assertThat(open(Duration.ofHours(1)).horizon()).isEqualTo(1);
  }

  @Test
  void withoutRetentionThePastEndsWhereSealingBegan() throws Exception {
    var partition = open(Duration.ZERO);
    write(partition, upsert("one", "red apples", 1));
    write(partition, upsert("one", "blue plums", 1));
    assertThat(textOf(partition, 1, "one")).isEqualTo("red apples");

    partition.seal();

    assertThat(partition.horizon()).isEqualTo(2);
    assertThat(textOf(partition, 2, "one")).isEqualTo("blue plums");
    assertThat(partition.shards().getFirst().descriptor().documents()).isEqualTo(1);
  }

  private @Nullable String textOf(Partition partition, long seq, String id) {
    return Partition.find(partition.snapshotAt(seq), id, false)
        .map(found -> found.version().document().text("text"))
        .orElse(null);
  }

  private static List<String> ranked(List<LegHit> hits) {
    return hits.stream().map(hit -> hit.id() + " " + hit.score()).toList();
  }

  private List<String> words(PartitionSnapshot snapshot, String text) throws Exception {
    return search.search(List.of(snapshot), command(text, 50)).text().stream()
        .map(LegHit::id)
        .toList();
  }

  /** Both legs, cut in the middle of equals. */
  private List<LegHit> hits(PartitionSnapshot snapshot) throws Exception {
    var outcome = search.search(List.of(snapshot), command("all w1", 7));
    var hits = new ArrayList<>(outcome.text());
    hits.addAll(outcome.vector());
    return hits;
  }

  private static SearchCommand command(String text, int candidates) {
    return new SearchCommand(
        new TextQueryParser(ShardSchema.indexedFields(SCHEMA)).parse(text),
        VectorQuery.of(VectorMetric.COSINE, vector(3)),
        VectorSearchOptions.EXACT,
        null,
        candidates,
        null,
        Duration.ofSeconds(20));
  }

  private Partition open(Duration retention) throws Exception {
    var partition =
        Partition.open(
            0,
            folder.resolve("p"),
            () -> SCHEMA,
            new PartitionSettings(
                LogSettings.defaults(),
                ReadOnlySettings.defaults(),
                1000,
                1L << 30,
                Duration.ofHours(100),
                retention,
                4),
            new Partition.Resources(
                new TextIndexMemory(1 << 24), cleaner, pool, new ShardReaders(), clock));
    opened.add(partition);
    return partition;
  }

  private static long write(Partition partition, Operation... operations) throws Exception {
    return partition
        .append(CommitCodec.encode(new CommitBatch("", Arrays.asList(operations))), null)
        .get()
        .commitSeq();
  }

  private static Operation upsert(String id, String text, int vector) {
    return Operation.upsert(
        new Document(
            id,
            new TreeMap<>(Map.of("text", text)),
            null,
            new TreeMap<>(),
            List.of(),
            List.of(new Passage(0, text.length(), Vectors.toBytes(vector(vector))))));
  }

  private static float[] vector(int seed) {
    var random = new Random(seed);
    var vector = new float[DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }
}
