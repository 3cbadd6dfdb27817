package io.mosaicdb.storage.partition;

import static io.mosaicdb.storage.partition.PartitionFixture.ids;
import static io.mosaicdb.storage.partition.PartitionFixture.upsert;
import static io.mosaicdb.storage.partition.PartitionFixture.vector;
import static io.mosaicdb.storage.partition.PartitionFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.model.document.Operation;
import io.mosaicdb.storage.backup.BackupException;
import io.mosaicdb.storage.backup.BackupFolder;
import io.mosaicdb.storage.compaction.CompactionPolicy.Scope;
import io.mosaicdb.storage.compaction.CompactionSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {
  @TempDir private Path folder;
  private PartitionFixture fixture;
  private BackupFolder backups;

  @BeforeEach
  void create() throws IOException {
    fixture = new PartitionFixture(folder, Duration.ofHours(1));
    backups = new BackupFolder(folder.resolve("backups"));
    backups.prepare();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aRestoredPartitionAnswersTheSameAndGoesOn() throws Exception {
    var partition = fixture.open("p");
    long first = write(partition, upsert("a", "red common", vector(1)));
    write(partition, upsert("b", "green common", vector(2)), upsert("c", "common"));
    partition.seal();
    write(partition, upsert("a", "blue common", vector(3)), Operation.delete("b"));
    var words = fixture.words(partition.snapshot(), "common");
    var nearest = fixture.nearest(partition.snapshot(), vector(1), 5);
    long seq = partition.snapshot().commitSeq();

    var run = backup(partition, "one");

    assertThat(run.commitSeq()).isEqualTo(seq);
    var restored = restore("one", "r");
    assertThat(restored.status().problems()).isEmpty();
    assertThat(restored.snapshot().commitSeq()).isEqualTo(seq);
    assertThat(fixture.words(restored.snapshot(), "common")).isEqualTo(words);
    assertThat(fixture.nearest(restored.snapshot(), vector(1), 5)).isEqualTo(nearest);
    assertThat(ids(fixture.words(restored.snapshotAt(first), "red"))).containsExactly("a");
    assertThat(write(restored, upsert("d", "common"), Operation.delete("c"))).isEqualTo(seq + 1);
    restored.seal();
    restored = fixture.reopen(restored, "r");
    assertThat(restored.status().problems()).isEmpty();
    assertThat(ids(fixture.words(restored.snapshot(), "common"))).containsExactly("a", "d");
    assertThat(ids(fixture.words(partition.snapshot(), "common"))).containsExactly("a", "c");
  }

  @Test
  void aSecondBackupCopiesOnlyWhatIsNew() throws Exception {
    var partition = fixture.open("p");
    write(partition, upsert("a", "x"));
    assertThat(backup(partition, "one").copied()).isEqualTo(1);
    var before = storedFiles();

    assertThat(backup(partition, "two").copied()).isZero();
    write(partition, upsert("b", "x"));
    var third = backup(partition, "three");

    assertThat(third.copied()).isEqualTo(1);
    assertThat(third.files()).isEqualTo(2);
    assertThat(storedFiles()).hasSize(2).containsAll(before);
    assertThat(ids(fixture.words(restore("one", "r1").snapshot(), "x"))).containsExactly("a");
    assertThat(ids(fixture.words(restore("three", "r3").snapshot(), "x")))
        .containsExactly("a", "b");
    assertThat(backups.list())
        .extracting(each -> each.id() + " " + each.documents())
        .containsExactlyInAnyOrder("three 2", "two 1", "one 1");
  }

  /** Written to, sealed and merged between its files. */
  @Test
  void aBackupIsOneMomentWhateverHappensMeanwhile() throws Exception {
    var partition = fixture.open("p");
    for (int i = 0; i < 10; i++) {
      write(partition, upsert("d" + i, "old", vector(i)));
      partition.seal();
    }

    partition.backup(
        "one",
        "n",
        () -> "{}",
        backups,
        (done, _) -> {
          write(partition, Operation.delete("d" + done), upsert("n" + done, "new"));
          partition.seal();
          fixture.clock.pass(Duration.ofHours(3));
          partition.compact(CompactionSettings.forShardsOf(1000), Scope.ALL, () -> false);
          partition.maintain();
        });

    var restored = restore("one", "r");
    assertThat(ids(fixture.words(restored.snapshot(), "old"))).hasSize(10);
    assertThat(fixture.words(restored.snapshot(), "new")).isEmpty();
    assertThat(ids(fixture.words(partition.snapshot(), "new"))).hasSize(10);
    partition.maintain();
    assertThat(partition.status().problems()).isEmpty();
  }

  @Test
  void aBackupThatIsCutShortIsNone() throws Exception {
    var partition = fixture.open("p");
    for (int i = 0; i < 3; i++) {
      write(partition, upsert("d" + i, "x"));
      partition.seal();
    }

    assertThatThrownBy(() ->
            partition.backup(
                "one",
                "n",
                () -> "{}",
                backups,
                (done, _) -> {
                  if (done == 2) {
                    throw new IOException("power cut");
                  }
                }))
        .hasMessage("power cut");

    assertThat(backups.list()).isEmpty();
    Files.writeString(folder.resolve("backups/files/.copying-half"), "half");
    backups.prepare();
    assertThat(storedFiles()).hasSize(2);
    assertThat(backup(partition, "two").copied()).isEqualTo(1);
  }

  @Test
  void aDamagedBackupIsRefusedAndADamagedShardIsNotBackedUp() throws Exception {
    var partition = fixture.open("p");
    write(partition, upsert("a", "x"), upsert("b", "x"));
    backup(partition, "one");
    var stored = folder.resolve("backups/files").resolve(storedFiles().getFirst());
    var whole = Files.readAllBytes(stored);
    var flipped = whole.clone();
    flipped[flipped.length / 2] ^= 1;

    Files.write(stored, flipped);
    assertThatThrownBy(() -> restore("one", "r1"))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("damaged");
    Files.delete(stored);
    assertThatThrownBy(() -> restore("one", "r2"))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("missing");
    Files.write(stored, whole);
    assertThat(fixture.words(restore("one", "r3").snapshot(), "x")).hasSize(2);

    var description = folder.resolve("backups/one.p0000.json");
    Files.writeString(
        description,
        Files.readString(description).replace("\"namespace\" : \"n\"", "\"namespace\" : \"m\""));
    assertThatThrownBy(() -> backups.find("one", 0)).hasMessageContaining("altered");

    Files.write(partition.shards().getFirst().file(), flipped);
    Files.delete(stored);
    assertThatThrownBy(() -> backup(partition, "two"))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining(partition.shards().getFirst().descriptor().shardId());
  }

  @Test
  void anEmptyPartitionIsBackedUpToo() throws Exception {
    backup(fixture.open("p"), "one");

    var restored = restore("one", "r");

    assertThat(restored.snapshot().commitSeq()).isZero();
    assertThat(write(restored, upsert("a", "x"))).isEqualTo(1);
  }

  private Partition.BackupRun backup(Partition partition, String id) throws IOException {
    return partition.backup(id, "n", () -> "{}", backups, (_, _) -> {});
  }

  private Partition restore(String id, String name) throws IOException {
    var part = backups.find(id, 0).orElseThrow();
    PartitionCopies.restore(part, backups, fixture.folder(name), (_, _) -> {});
    return fixture.open(name);
  }

  private List<String> storedFiles() throws IOException {
    try (var paths = Files.list(folder.resolve("backups/files"))) {
      return new ArrayList<>(
          paths.map(each -> String.valueOf(each.getFileName())).sorted().toList());
    }
  }
}
