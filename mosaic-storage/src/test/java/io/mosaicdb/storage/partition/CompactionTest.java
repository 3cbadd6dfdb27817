package io.mosaicdb.storage.partition;

import static io.mosaicdb.storage.partition.PartitionFixture.ids;
import static io.mosaicdb.storage.partition.PartitionFixture.near;
import static io.mosaicdb.storage.partition.PartitionFixture.upsert;
import static io.mosaicdb.storage.partition.PartitionFixture.vector;
import static io.mosaicdb.storage.partition.PartitionFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.model.document.Operation;
import io.mosaicdb.storage.compaction.CompactionPolicy.Scope;
import io.mosaicdb.storage.compaction.CompactionSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactionTest {
  private static final CompactionSettings SETTINGS = CompactionSettings.forShardsOf(1000);

  @TempDir private Path folder;
  private PartitionFixture fixture;

  @BeforeEach
  void create() {
    fixture = new PartitionFixture(folder, Duration.ofHours(1));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aHundredSmallShardsMayStayAndOneMoreMergesThemAll() throws Exception {
    var partition = fixture.open("p");
    tinySeals(partition, 100);
    assertThat(partition.compact(SETTINGS, Scope.DUE, CompactionTest::goOn).didSomething())
        .isFalse();
    tinySeals(partition, 1);
    var words = fixture.words(partition.snapshot(), "common");
    var nearest = fixture.nearest(partition.snapshot(), vector(3), 20);

    var run = partition.compact(SETTINGS, Scope.DUE, CompactionTest::goOn);

    assertThat(run.merged()).isEqualTo(101);
    assertThat(partition.shards()).hasSize(1);
    assertThat(fixture.words(partition.snapshot(), "common")).isEqualTo(words).hasSize(101);
    assertThat(fixture.nearest(partition.snapshot(), vector(3), 20)).isEqualTo(nearest);
    assertThat(partition.compact(SETTINGS, Scope.DUE, CompactionTest::goOn).didSomething())
        .isFalse();
    partition = fixture.reopen(partition, "p");
    assertThat(fixture.words(partition.snapshot(), "common")).isEqualTo(words);
    assertThat(fixture.nearest(partition.snapshot(), vector(3), 20)).isEqualTo(nearest);
  }

  @Test
  void theFilesOfMergedShardsGoWhenNoRetainedGenerationNamesThem() throws Exception {
    var partition = fixture.open("p");
    tinySeals(partition, 5);
    partition.compact(SETTINGS, Scope.EVERYTHING_SMALL, CompactionTest::goOn);
    partition.maintain();
    assertThat(shardFiles()).hasSize(6);

    fixture.clock.pass(Duration.ofHours(2));
    partition.maintain();

    assertThat(shardFiles())
        .containsExactly(String.valueOf(partition.shards().getFirst().file().getFileName()));
  }

  @Test
  void documentsOfOneTopicStandInOneShardAfterwards() throws Exception {
    var partition = fixture.open("p");
    var random = new Random(1);
    for (int round = 0; round < 4; round++) {
      var operations = new ArrayList<Operation>();
      for (int i = 0; i < 200; i++) {
        int topic = i % 4;
        operations.add(
            upsert(
                "%d-%d-%d".formatted(topic, round, i),
                "topic" + topic,
                near(100 + topic, .05, random)));
      }
      write(partition, operations.toArray(Operation[]::new));
      partition.seal();
    }

    var run = partition.compact(shardsOf(200), Scope.ALL, CompactionTest::goOn);

    assertThat(run.made()).isEqualTo(4);
    for (var view : partition.snapshot().segments()) {
      var topics = new HashSet<Character>();
      for (int i = 0; i < view.segment().documentCount(); i++) {
        topics.add(view.segment().id(i).charAt(0));
      }
      assertThat(topics).hasSize(1);
    }
    assertThat(partition.compact(shardsOf(200), Scope.DUE, CompactionTest::goOn).didSomething())
        .isFalse();
  }

  @Test
  void documentsWithoutVectorsAreMergedInOrder() throws Exception {
    var partition = fixture.open("p");
    for (int i = 0; i < 30; i++) {
      write(partition, upsert("d%02d".formatted(i), "common word" + i));
      partition.seal();
    }

    partition.compact(shardsOf(20), Scope.EVERYTHING_SMALL, CompactionTest::goOn);

    assertThat(partition.shards())
        .extracting(each -> each.descriptor().documents())
        .containsExactlyInAnyOrder(20, 10);
    assertThat(fixture.words(partition.snapshot(), "common")).hasSize(30);
  }

  /** Replaced, deleted, deleted and written again, while the copies are being made. */
  @Test
  void whatIsWrittenWhileShardsAreMergedIsNotLost() throws Exception {
    var partition = fixture.open("p");
    for (int i = 0; i < 60; i++) {
      write(partition, upsert("d" + i, "old", vector(i)));
      partition.seal();
    }
    var steps = new ArrayList<Integer>();
    var busy = partition;

    var run =
        partition.compact(
            shardsOf(10),
            Scope.EVERYTHING_SMALL,
            () -> {
              int step = steps.size();
              steps.add(step);
              write(
                  busy,
                  upsert("d" + step, "new", vector(step)),
                  Operation.delete("d" + (59 - step)));
              write(busy, Operation.delete("d" + (20 + step)));
              write(busy, upsert("d" + (20 + step), "again", vector(step)));
              if (step % 2 == 1) {
                seal(busy);
              }
              return false;
            });

    assertThat(run.merged()).isEqualTo(60);
    int count = steps.size();
    assertThat(count).isGreaterThan(5);
    var expected = new HashMap<String, String>();
    for (int i = 0; i < 60; i++) {
      expected.put("d" + i, "old");
    }
    for (int step = 0; step < count; step++) {
      expected.put("d" + step, "new");
      expected.remove("d" + (59 - step));
      expected.put("d" + (20 + step), "again");
    }
    assertHolds(partition, expected);
    partition = fixture.reopen(partition, "p");
    assertHolds(partition, expected);
    partition.seal();
    partition.compact(SETTINGS, Scope.ALL, CompactionTest::goOn);
    assertHolds(partition, expected);
  }

  /** What is on the disk before each step of a run opens as what was there before. */
  @Test
  void whereverTheProcessDiesTheOldGenerationIsServed() throws Exception {
    var partition = fixture.open("p");
    for (int i = 0; i < 40; i++) {
      write(partition, upsert("d" + i, "common", vector(i)));
      partition.seal();
    }
    write(partition, upsert("d3", "common", vector(99)), Operation.delete("d4"));
    var words = fixture.words(partition.snapshot(), "common");
    var nearest = fixture.nearest(partition.snapshot(), vector(7), 10);
    var copies = new ArrayList<String>();

    partition.compact(
        shardsOf(8),
        Scope.EVERYTHING_SMALL,
        () -> {
          var copy = "copy" + copies.size();
          PartitionFixture.copy(fixture.folder("p"), fixture.folder(copy));
          draft(fixture.folder(copy));
          copies.add(copy);
          return false;
        });

    assertThat(copies).hasSizeGreaterThan(5);
    for (String name : copies) {
      var copy = fixture.open(name);
      assertThat(copy.snapshot().generation()).isEqualTo(40);
      assertThat(fixture.words(copy.snapshot(), "common")).isEqualTo(words);
      assertThat(fixture.nearest(copy.snapshot(), vector(7), 10)).isEqualTo(nearest);
      assertThat(fixture.folder(name).resolve("shards/.building-x.db")).doesNotExist();
      copy.compact(shardsOf(8), Scope.EVERYTHING_SMALL, CompactionTest::goOn);
      assertThat(fixture.nearest(copy.snapshot(), vector(7), 10)).isEqualTo(nearest);
      fixture.close(copy);
    }
  }

  @Test
  void aRunThatIsStoppedLeavesNothing() throws Exception {
    var partition = fixture.open("p");
    tinySeals(partition, 30);
    var files = shardFiles();
    var asked = new ArrayList<Boolean>();

    var run =
        partition.compact(
            shardsOf(5),
            Scope.ALL,
            () -> {
              asked.add(true);
              return asked.size() > 3;
            });

    assertThat(run.didSomething()).isFalse();
    assertThat(shardFiles()).isEqualTo(files);
    assertThat(partition.shards()).hasSize(30);
    assertThat(partition.compact(shardsOf(5), Scope.ALL, CompactionTest::goOn).merged())
        .isEqualTo(30);
  }

  @Test
  void searchesGoOnWhileShardsAreMerged() throws Exception {
    var partition = fixture.open("p");
    tinySeals(partition, 60);
    var words = ids(fixture.words(partition.snapshot(), "common"));
    var done = new AtomicBoolean();
    try (var reader = Executors.newSingleThreadExecutor()) {
      var searches =
          reader.submit(() -> {
            int count = 0;
            while (!done.get()) {
              try (var _ = fixture.readers.begin()) {
                assertThat(ids(fixture.words(partition.snapshot(), "common"))).isEqualTo(words);
              }
              count++;
            }
            return count;
          });
      try {
        for (int most : new int[] {7, 20, 3, 50}) {
          partition.compact(shardsOf(most), Scope.ALL, CompactionTest::goOn);
        }
      } finally {
        done.set(true);
      }
      assertThat(searches.get()).isPositive();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  @Test
  void versionsWithinTheRetentionStayAndOlderOnesGo() throws Exception {
    var partition = fixture.open("p");
    var commits = new ArrayList<Long>();
    for (int i = 0; i < 20; i++) {
      commits.add(write(partition, upsert("one", "v" + i, vector(i)), upsert("d" + i, "x")));
      partition.seal();
    }

    var run = partition.compact(SETTINGS, Scope.ALL, CompactionTest::goOn);

    assertThat(run.dropped()).isZero();
    for (int i = 0; i < 20; i++) {
      var then = partition.snapshotAt(commits.get(i));
      assertThat(ids(fixture.words(then, "v" + i))).containsExactly("one");
      assertThat(then.liveDocuments()).isEqualTo(i + 2);
    }
    fixture.clock.pass(Duration.ofHours(2));
    long last = write(partition, upsert("one", "newest", vector(30)));
    partition.seal();

    run = partition.compact(SETTINGS, Scope.EVERYTHING_SMALL, CompactionTest::goOn);

    assertThat(run.dropped()).isEqualTo(19);
    assertThat(partition.horizon()).isEqualTo(commits.getLast());
    assertThat(ids(fixture.words(partition.snapshotAt(commits.getLast()), "v19")))
        .containsExactly("one");
    var again = fixture.reopen(partition, "p");
    assertThatThrownBy(() -> again.snapshotAt(commits.get(18)))
        .isInstanceOf(CommitNotReadableException.class);
    assertThat(ids(fixture.words(again.snapshotAt(last), "newest"))).containsExactly("one");
  }

  @Test
  void aDeletedShardfulIsDroppedWhole() throws Exception {
    try (var fleeting = new PartitionFixture(folder.resolve("fleeting"), Duration.ZERO)) {
      var partition = fleeting.open("p");
      write(partition, upsert("one", "x", vector(1)), upsert("two", "x", vector(2)));
      partition.seal();
      write(partition, Operation.delete("one"), Operation.delete("two"), upsert("three", "x"));
      partition.seal();

      var run = partition.compact(SETTINGS, Scope.DUE, CompactionTest::goOn);

      assertThat(run.dropped()).isEqualTo(2);
      assertThat(run.made()).isZero();
      assertThat(partition.shards()).hasSize(1);
      partition = fleeting.reopen(partition, "p");
      assertThat(ids(fleeting.words(partition.snapshot(), "x"))).containsExactly("three");
    }
  }

  /** A condition in the log must meet at its replay what it met at first. */
  @Test
  void aCommitThatIsReplayedMeetsTheVersionThatItMetBefore() throws Exception {
    try (var fleeting = new PartitionFixture(folder.resolve("fleeting"), Duration.ZERO)) {
      var partition = fleeting.open("p");
      long first = write(partition, upsert("one", "old", vector(1)), upsert("two", "x"));
      partition.seal();
      write(partition, upsert("three", "x"));
      partition.seal();
      write(partition, upsert("one", "new", vector(2)).ifVersion(first));

      partition.compact(SETTINGS, Scope.ALL, CompactionTest::goOn);

      partition = fleeting.reopen(partition, "p");
      assertThat(ids(fleeting.words(partition.snapshot(), "new"))).containsExactly("one");
      assertThat(partition.status().documents()).isEqualTo(3);
    }
  }

  @Test
  void aFailureIsReportedAndTheNextRunClearsIt() throws Exception {
    var partition = fixture.open("p");
    tinySeals(partition, 3);
    var impossible = new CompactionSettings(1, 500, .3, 1000, 1 << 20, 1 << 20, Long.MAX_VALUE / 2);

    assertThatThrownBy(() -> partition.compact(impossible, Scope.DUE, CompactionTest::goOn))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("free");

    assertThat(partition.compaction().failures()).isEqualTo(1);
    assertThat(partition.compaction().failure()).contains("compaction failed");
    assertThat(fixture.words(partition.snapshot(), "common")).hasSize(3);
    partition.compact(SETTINGS, Scope.ALL, CompactionTest::goOn);
    assertThat(partition.compaction().failure()).isNull();
    assertThat(partition.compaction().last()).isNotNull();
    assertThat(partition.compaction().runs()).isEqualTo(1);
  }

  /** Merged again and again, one shard would take the name of another that is still served. */
  @Test
  void theSameContentMergedTwiceNeverOverwritesAFile() throws Exception {
    var partition = fixture.open("p");
    for (int round = 0; round < 4; round++) {
      write(partition, upsert("one", "same", vector(1)));
      partition.seal();
      write(partition, upsert("two", "same", vector(2)));
      partition.seal();
      partition.compact(SETTINGS, Scope.ALL, CompactionTest::goOn);
      partition.maintain();
      assertThat(partition.status().problems()).isEmpty();
    }
    partition = fixture.reopen(partition, "p");
    assertThat(partition.status().problems()).isEmpty();
    assertThat(ids(fixture.words(partition.snapshot(), "same"))).containsExactly("one", "two");
  }

  /** Any interleaving of writes, seals, merges of any kind, passing time and restarts. */
  @Test
  void behavesLikeAMapWhateverIsMergedWhen() throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var expected = new HashMap<String, String>();
    var scopes = List.of(Scope.values());
    var partition = fixture.open("p");
    for (int step = 0; step < 300; step++) {
      int choice = random.nextInt(100);
      if (choice < 60) {
        randomWrite(partition, expected, random);
      } else if (choice < 80) {
        partition.seal();
      } else if (choice < 92) {
        var busy = partition;
        var scope = scopes.get(random.nextInt(scopes.size()));
        partition.compact(
            shardsOf(1 + random.nextInt(30)),
            scope,
            () -> {
              if (random.nextInt(4) == 0) {
                randomWrite(busy, expected, random);
              }
              if (random.nextInt(8) == 0) {
                seal(busy);
              }
              return random.nextInt(20) == 0;
            });
      } else if (choice < 96) {
        fixture.clock.pass(Duration.ofMinutes(random.nextInt(50)));
        partition.maintain();
      } else {
        partition = fixture.reopen(partition, "p");
      }
      if (step % 15 == 0) {
        assertHolds(partition, expected, "seed " + seed + " step " + step);
      }
      assertThat(partition.status().problems()).as("seed " + seed).isEmpty();
    }
  }

  private static void randomWrite(
      Partition partition, Map<String, String> expected, Random random) {
    var operations = new ArrayList<Operation>();
    for (int i = random.nextInt(5); i >= 0; i--) {
      var id = "d" + random.nextInt(30);
      if (random.nextInt(4) == 0) {
        operations.add(Operation.delete(id));
        expected.remove(id);
      } else {
        var word = "w" + random.nextInt(10);
        operations.add(
            random.nextInt(10) == 0
                ? upsert(id, word)
                : upsert(id, word, vector(random.nextInt(20))));
        expected.put(id, word);
      }
    }
    write(partition, operations.toArray(Operation[]::new));
  }

  private void assertHolds(Partition partition, Map<String, String> expected) throws Exception {
    assertHolds(partition, expected, "");
  }

  private void assertHolds(Partition partition, Map<String, String> expected, String context)
      throws Exception {
    assertThat(partition.status().documents()).as(context).isEqualTo(expected.size());
    for (var word : new HashSet<>(expected.values())) {
      assertThat(ids(fixture.words(partition.snapshot(), word)))
          .as("%s word %s", context, word)
          .containsExactlyElementsOf(
              expected.entrySet().stream()
                  .filter(entry -> entry.getValue().equals(word))
                  .map(Map.Entry::getKey)
                  .sorted()
                  .toList());
    }
    for (int i = 0; i < 30; i++) {
      var found = partition.find("d" + i, false);
      var text = found.map(each -> each.version().document().text("text")).orElse(null);
      assertThat(text).as("%s d%d", context, i).isEqualTo(expected.get("d" + i));
    }
  }

  private static boolean goOn() {
    return false;
  }

  private int written;

  private void tinySeals(Partition partition, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      int n = written++;
      write(partition, upsert("t" + n, "common word" + n, vector(n)));
      partition.seal();
    }
  }

  private static void seal(Partition partition) {
    try {
      partition.seal();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void draft(Path partition) {
    try {
      Files.writeString(partition.resolve("shards/.building-x.db"), "half a shard");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static CompactionSettings shardsOf(int documents) {
    return CompactionSettings.forShardsOf(documents);
  }

  private List<String> shardFiles() throws IOException {
    try (var paths = Files.list(fixture.folder("p").resolve("shards"))) {
      return paths.map(each -> String.valueOf(each.getFileName())).sorted().toList();
    }
  }
}
