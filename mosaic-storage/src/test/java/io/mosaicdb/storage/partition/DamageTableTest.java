package io.mosaicdb.storage.partition;

import static io.mosaicdb.storage.partition.PartitionFixture.ids;
import static io.mosaicdb.storage.partition.PartitionFixture.upsert;
import static io.mosaicdb.storage.partition.PartitionFixture.vector;
import static io.mosaicdb.storage.partition.PartitionFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.model.document.Operation;
import io.mosaicdb.storage.log.LogSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each kind of file of a partition, damaged in each way, while nobody looks and while it is served.
 *
 * <p>The same holds in every cell: the partition opens; what is not in the damaged file answers;
 * what was acknowledged is there, or its absence is said by every snapshot and by the status, and
 * again after another start; nothing is written behind a gap; and the file, put back, heals it.
 */
class DamageTableTest {
  /** Commit 1, 2: sealed into a shard each. Commit 3, 4: in the log only. */
  private static final Set<String> ALL = Set.of("a", "b", "c", "d");

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

  /** A kind of file, and the documents that are not in it. */
  enum Kind {
    SHARD("acd"),
    MANIFEST("acd"),
    OLDER_MANIFEST("abcd"),
    CURRENT("abcd"),
    NEWEST_LOG_FILE("ab"),
    OLDER_LOG_FILE("ab"),
    WRITE_AHEAD_FILE("ab");

    private final String elsewhere;

    Kind(String elsewhere) {
      this.elsewhere = elsewhere;
    }

    Path in(Path partition) throws IOException {
      return switch (this) {
        case SHARD -> shardOf(partition);
        case MANIFEST -> partition.resolve("generations/2.json");
        case OLDER_MANIFEST -> partition.resolve("generations/1.json");
        case CURRENT -> partition.resolve("generations/CURRENT");
        case NEWEST_LOG_FILE -> logFiles(partition).getLast();
        case OLDER_LOG_FILE -> logFiles(partition).get(logFiles(partition).size() - 2);
        case WRITE_AHEAD_FILE ->
            partition.resolve("log/" + logFiles(partition).getLast().getFileName() + "-wal");
      };
    }

    Set<String> elsewhere() {
      return new TreeSet<>(List.of(elsewhere.split("")));
    }

    private static List<Path> logFiles(Path partition) throws IOException {
      try (var files = Files.list(partition.resolve("log"))) {
        return files.filter(each -> each.toString().endsWith(".db")).sorted().toList();
      }
    }
  }

  enum Damage {
    FLIPPED_AT_THE_BEGINNING {
      @Override
      void applyTo(Path file) throws IOException {
        flip(file, 20);
      }
    },
    FLIPPED_IN_THE_MIDDLE {
      @Override
      void applyTo(Path file) throws IOException {
        flip(file, Files.size(file) / 2);
      }
    },
    FLIPPED_AT_THE_END {
      @Override
      void applyTo(Path file) throws IOException {
        flip(file, Files.size(file) - 20);
      }
    },
    CUT_SHORT {
      @Override
      void applyTo(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.truncate(channel.size() / 3);
        }
      }
    },
    EMPTIED {
      @Override
      void applyTo(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.truncate(0);
        }
      }
    },
    GONE {
      @Override
      void applyTo(Path file) throws IOException {
        Files.delete(file);
      }
    },
    UNREADABLE {
      @Override
      void applyTo(Path file) throws IOException {
        Files.delete(file);
        Files.createDirectory(file);
      }
    };

    abstract void applyTo(Path file) throws IOException;

    private static void flip(Path file, long at) throws IOException {
      try (var channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        var one = ByteBuffer.allocate(1);
        channel.read(one, at);
        one.put(0, (byte) (one.get(0) ^ 4));
        channel.write(one.rewind(), at);
      }
    }
  }

  static Stream<Arguments> table() {
    return Stream.of(Kind.values())
        .flatMap(kind -> Stream.of(Damage.values()).map(damage -> Arguments.of(kind, damage)));
  }

  @ParameterizedTest
  @MethodSource("table")
  void atRest(Kind kind, Damage damage) throws Exception {
    fixture.close(served());
    // As a kill leaves it: what was committed last stands in the write-ahead file.
    PartitionFixture.copy(fixture.folder("whole"), fixture.folder("q"));

    damage.applyTo(kind.in(fixture.folder("q")));

    var partition = fixture.open("q");
    requireHonest(partition, kind);
    partition = fixture.reopen(partition, "q");
    requireHonest(partition, kind);
    requireHealing(partition, "q");
  }

  @ParameterizedTest
  @MethodSource("table")
  void whileServed(Kind kind, Damage damage) throws Exception {
    var partition = served();

    damage.applyTo(kind.in(fixture.folder("p")));
    partition.maintain();

    requireHonest(partition, kind);
    for (int start = 0; start < 2; start++) {
      partition = fixture.reopen(partition, "p");
      requireHonest(partition, kind);
    }
    requireHealing(partition, "p");
  }

  @ParameterizedTest
  @ValueSource(strings = {"log", "generations", "shards"})
  void wholeFoldersThatAreGone(String name) throws Exception {
    fixture.close(served());
    delete(fixture.folder("p").resolve(name));
    Partition.claim(fixture.folder("p"));

    var partition = fixture.open("p");

    assertThat(found(partition)).isNotEqualTo(ALL);
    requireHonest(partition, Set.of());
    partition = fixture.reopen(partition, "p");
    requireHonest(partition, Set.of());
    requireHealing(partition, "p");
  }

  @Test
  void whatKilledWorkLeftIsClearedAndChangesNothing() throws Exception {
    fixture.close(served());
    var shards = fixture.folder("p").resolve("shards");
    var generations = fixture.folder("p").resolve("generations");
    // Of a compaction: one shard half written, one complete that no manifest came to name.
    var half = Files.write(shards.resolve(".half.db.new"), new byte[5000]);
    var complete = Files.copy(shardOf(fixture.folder("p")), shards.resolve("complete.db"));
    Files.setLastModifiedTime(
        complete, FileTime.from(fixture.clock.instant().minus(Duration.ofHours(2))));
    // Of an activation: drafts, and a manifest that CURRENT never came to name.
    var drafts =
        List.of(
            Files.writeString(generations.resolve("3.json.new"), "{\"format"),
            Files.writeString(generations.resolve("CURRENT.new"), "3 "));
    Files.copy(generations.resolve("2.json"), generations.resolve("3.json"));

    var partition = fixture.open("p");

    assertThat(found(partition)).isEqualTo(ALL);
    assertThat(partition.status().problems()).isEmpty();
    assertThat(half).doesNotExist();
    assertThat(drafts).allSatisfy(each -> assertThat(each).doesNotExist());
    partition.maintain();
    assertThat(complete).doesNotExist();
    partition.seal();
    partition = fixture.reopen(partition, "p");
    assertThat(partition.snapshot().generation()).isEqualTo(3);
    requireHealing(partition, "p");
  }

  @Test
  void aPartitionThatIsGoneIsNoNewOne() throws Exception {
    fixture.close(served());
    delete(fixture.folder("p"));
    Partition.claim(fixture.folder("p"));

    var partition = fixture.open("p");

    assertThat(partition.snapshot().missing()).isNotEmpty();
    requireReadOnly(partition);
    requireHealing(partition, "p");
  }

  @Test
  void onePartitionGoesOnWithoutWhatIsLostWhenTheOperatorSaysSo() throws Exception {
    fixture.close(served());
    Files.delete(Kind.NEWEST_LOG_FILE.in(fixture.folder("p")));
    var partition = fixture.open("p");
    var missing = new TreeSet<>(ALL);
    missing.removeAll(found(partition));
    assertThat(missing).isNotEmpty();
    requireReadOnly(partition);
    var record = fixture.folder("p").resolve(Losses.NAME);
    assertThat(record).content().contains("commits");

    Files.move(record, record.resolveSibling(Losses.ACCEPTED));
    partition = settled(partition, "p");

    assertThat(partition.status().problems()).isEmpty();
    assertThat(partition.snapshot().missing()).isEmpty();
    write(partition, upsert("e", "common", vector(5)));
    partition.seal();
    partition = fixture.reopen(partition, "p");
    assertThat(partition.status().problems()).isEmpty();
    assertThat(found(partition)).contains("a", "b", "e").doesNotContainAnyElementsOf(missing);
  }

  @Test
  void whatTheLogDidToDocumentsOfADamagedShardHoldsWhenItIsBack() throws Exception {
    var partition = served();
    write(partition, Operation.delete("b"));
    long version = write(partition, upsert("a", "common new", vector(9)));
    fixture.close(partition);
    var shard = shardOf(fixture.folder("p"));
    var content = Files.readAllBytes(shard);
    Files.delete(shard);

    partition = fixture.open("p");

    assertThat(partition.findMissing("x")).isPresent();
    var damaged = partition;
    for (Operation each :
        List.of(Operation.delete("b"), Operation.delete("c"), conditional("a", version))) {
      assertThatThrownBy(() -> write(damaged, each))
          .hasCauseInstanceOf(PartitionReadOnlyException.class);
    }
    write(partition, upsert("e", "common", vector(5)));
    partition.seal();
    partition = fixture.reopen(partition, "p");
    assertThat(found(partition)).containsExactly("a", "c", "d", "e");
    assertThat(partition.findMissing("b")).isEmpty();
    assertThat(partition.findMissing("x")).isPresent();
    Files.write(shard, content);
    partition = settled(partition, "p");
    assertThat(found(partition)).containsExactly("a", "c", "d", "e");
    write(partition, conditional("a", version));
    partition.seal();
    partition = fixture.reopen(partition, "p");
    assertThat(found(partition)).containsExactly("a", "c", "d", "e");
    assertThat(partition.status().problems()).isEmpty();
  }

  @Test
  void conditionsInTheLogThatADamagedShardDecidesWaitUntilItIsBack() throws Exception {
    var partition = served();
    long version =
        Partition.find(partition.snapshot(), "b", false).orElseThrow().version().version();
    write(partition, conditional("b", version));
    fixture.close(partition);
    var shard = shardOf(fixture.folder("p"));
    var content = Files.readAllBytes(shard);
    Files.delete(shard);

    partition = fixture.open("p");

    assertThatThrownBy(partition::seal).hasMessageContaining("waits for shard");
    Files.write(shard, content);
    partition = settled(partition, "p");
    assertThat(ids(fixture.any(partition.snapshot(), "newer"))).containsExactly("b");
    partition.seal();
    partition = fixture.reopen(partition, "p");
    assertThat(ids(fixture.any(partition.snapshot(), "newer"))).containsExactly("b");
    assertThat(partition.status().problems()).isEmpty();
  }

  private static Operation conditional(String id, long version) {
    return upsert(id, "common newer", vector(10)).ifVersion(version);
  }

  private void requireHonest(Partition partition, Kind kind) throws Exception {
    requireHonest(partition, kind.elsewhere());
  }

  private void requireHonest(Partition partition, Set<String> elsewhere) throws Exception {
    var found = found(partition);
    var reason = partition.status().problems().toString();
    assertThat(found).as(reason).containsAll(elsewhere);
    if (found.equals(ALL)) {
      return;
    }
    assertThat(partition.snapshot().missing()).as(found.toString()).isNotEmpty();
    assertThat(partition.status().problems()).as(found.toString()).isNotEmpty();
    for (String id : ALL) {
      assertThat(found.contains(id) || partition.findMissing(id).isPresent()).isTrue();
    }
  }

  /** Everything is there, or it is when the files have been put back. */
  private void requireHealing(Partition damaged, String name) throws Exception {
    var partition = damaged;
    if (!found(partition).equals(ALL) || !partition.status().problems().isEmpty()) {
      if (partition.status().problems().toString().contains(Losses.NAME)) {
        requireReadOnly(partition);
      }
      for (String each : List.of("shards", "generations", "log")) {
        delete(fixture.folder(name).resolve(each));
        PartitionFixture.copy(
            fixture.folder("whole").resolve(each), fixture.folder(name).resolve(each));
      }
      partition = settled(partition, name);
    }
    assertThat(found(partition)).isEqualTo(ALL);
    assertThat(partition.snapshot().missing()).isEmpty();
    assertThat(partition.status().problems()).isEmpty();
    write(partition, upsert("e", "common", vector(5)), Operation.delete("a"));
    partition.seal();
    partition = fixture.reopen(partition, name);
    assertThat(found(partition)).containsExactly("b", "c", "d", "e");
    assertThat(partition.status().problems()).isEmpty();
  }

  /** As the product looks after its partitions. */
  private Partition settled(Partition partition, String name) throws IOException {
    var current = partition;
    for (int round = 0; round < 3; round++) {
      current.maintain();
      if (current.wantsReopening()) {
        current = fixture.reopen(current, name);
      }
    }
    return current;
  }

  private static void requireReadOnly(Partition partition) {
    assertThatThrownBy(() -> write(partition, upsert("x", "common", vector(6))))
        .hasCauseInstanceOf(PartitionReadOnlyException.class)
        .hasMessageContaining("put the files back");
    assertThatThrownBy(partition::seal).isInstanceOf(IOException.class);
  }

  private Set<String> found(Partition partition) throws Exception {
    return new TreeSet<>(ids(fixture.any(partition.snapshot(), "common")));
  }

  /** What is sealed is no longer in the log, and each commit after it in a file of its own. */
  private Partition served() throws Exception {
    fixture.log = LogSettings.defaults().withRotateBytes(1);
    var partition = fixture.open("p");
    write(partition, upsert("a", "common", vector(1)));
    partition.seal();
    write(partition, upsert("b", "common", vector(2)));
    partition.seal();
    write(partition, upsert("c", "common", vector(3)));
    write(partition, upsert("d", "common", vector(4)));
    PartitionFixture.copy(fixture.folder("p"), fixture.folder("whole"));
    return partition;
  }

  static Path shardOf(Path partition) throws IOException {
    // The second of the two was made later.
    try (var files = Files.list(partition.resolve("shards"))) {
      return files.max(Comparator.comparing(DamageTableTest::modified)).orElseThrow();
    }
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (var paths = Files.walk(path)) {
      for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
