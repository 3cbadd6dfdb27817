package io.mosaicdb.storage.partition;

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
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps a generation from being activated, and what goes on meanwhile. */
class ActivationTest {
  private static final CompactionSettings MERGE = CompactionSettings.forShardsOf(1000);

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
  void aShardThatFailsItsWarmUpIsNotServedAndTheOldGenerationIs() throws Exception {
    var partition = fixture.open("p");
    for (int i = 0; i < 4; i++) {
      write(partition, upsert("d" + i, "common", vector(i)));
      partition.seal();
    }
    long generation = partition.snapshot().generation();
    var nearest = fixture.nearest(partition.snapshot(), vector(1), 4);
    var files = files();

    fixture.warmUpFailure = "it does not answer";
    assertThatThrownBy(() -> partition.compact(MERGE, Scope.EVERYTHING_SMALL, () -> false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("it does not answer");

    assertThat(partition.snapshot().generation()).isEqualTo(generation);
    assertThat(fixture.nearest(partition.snapshot(), vector(1), 4)).isEqualTo(nearest);
    assertThat(files()).isEqualTo(files);
    assertThat(partition.activation().refused()).isEqualTo(1);
    assertThat(partition.activation().lastRefusal()).contains("it does not answer");
    write(partition, upsert("later", "common", vector(9)));
    assertThatThrownBy(partition::seal).isInstanceOf(IOException.class);
    assertThat(fixture.words(partition.snapshot(), "common")).hasSize(5);

    fixture.warmUpFailure = null;
    partition.maintain();
    assertThat(partition.snapshot().generation()).isEqualTo(generation + 1);
    assertThat(partition.activation().lastRefusal()).isNull();
    assertThat(partition.activation().refused()).isEqualTo(2);
    assertThat(fixture.words(partition.snapshot(), "common")).hasSize(5);
  }

  @Test
  void withTooManyDamagedShardsNothingIsActivatedUntilItIsAllowedButReadsAndWritesGoOn()
      throws Exception {
    fixture.damagedShards = 1;
    var partition = fixture.open("p");
    for (int i = 0; i < 4; i++) {
      write(partition, upsert("d" + i, "common", vector(i)));
      partition.seal();
    }
    long generation = partition.snapshot().generation();
    damage(partition, 1);
    partition.maintain();
    assertThat(partition.activation().suspended()).as("one may be").isNull();
    damage(partition, 2);
    partition.maintain();
    assertThat(partition.activation().suspended()).contains("2 shards");

    assertThatThrownBy(() -> partition.compact(MERGE, Scope.EVERYTHING_SMALL, () -> false))
        .isInstanceOf(ActivationSuspendedException.class);
    assertThatThrownBy(partition::seal).isInstanceOf(ActivationSuspendedException.class);
    write(partition, upsert("meanwhile", "common", vector(7)));
    assertThat(fixture.words(partition.snapshot(), "common")).hasSize(3);
    partition.maintain();
    assertThat(partition.snapshot().generation()).isEqualTo(generation);

    partition.resumeActivation();
    partition.maintain();
    assertThat(partition.activation().suspended()).as("that damage is accepted").isNull();
    damage(partition, 3);
    partition.maintain();
    assertThat(partition.activation().suspended()).as("more is not").contains("3 shards");

    for (int i = 1; i <= 3; i++) {
      var file = partition.shards().get(i).file();
      Files.copy(folder.resolve(String.valueOf(file.getFileName())), file);
    }
    partition.maintain();
    assertThat(partition.activation().suspended()).as("until it is allowed").isNotNull();
    partition.resumeActivation();
    partition.seal();
    assertThat(partition.snapshot().generation()).isEqualTo(generation + 1);
    assertThat(fixture.words(partition.snapshot(), "common")).hasSize(5);
  }

  @Test
  void aLogThatIsLostWhileNothingIsActivatedLosesNoWrites() throws Exception {
    fixture.damagedShards = 0;
    var partition = fixture.open("p");
    write(partition, upsert("a", "common", vector(1)));
    partition.seal();
    write(partition, upsert("b", "common", vector(2)));
    partition.seal();
    damage(partition, 1);
    partition.maintain();
    assertThat(partition.activation().suspended()).isNotNull();
    write(partition, upsert("c", "common", vector(3)));

    var log = fixture.folder("p").resolve("log");
    Files.move(log, folder.resolve("log-taken"));
    partition.maintain();

    assertThat(partition.wantsReopening()).isTrue();
    var again = fixture.reopen(partition, "p");
    assertThat(fixture.words(again.snapshot(), "common")).hasSize(2);
    assertThat(again.find("c", false)).isPresent();
    write(again, upsert("d", "common", vector(4)));
  }

  @Test
  void writesFindTheirWayIntoShardsWhileNothingElseIsActivated() throws Exception {
    fixture.damagedShards = 0;
    fixture.sealDocuments = 2;
    var partition = fixture.open("p");
    write(partition, upsert("a", "common", vector(1)), upsert("b", "common", vector(2)));
    partition.seal();
    damage(partition, 0);
    partition.maintain();
    assertThat(partition.activation().suspended()).isNotNull();

    write(partition, Operation.delete("b"));
    for (int i = 0; i < 10; i++) {
      write(partition, upsert("d" + i, "common", vector(i)), upsert("e" + i, "common", vector(i)));
      partition.maintain();
      while (partition.status().segments() - partition.shards().size() > 1) {
        Thread.onSpinWait();
      }
    }

    assertThat(fixture.words(partition.snapshot(), "common")).hasSize(20);
    var file = partition.shards().getFirst().file();
    Files.copy(folder.resolve(String.valueOf(file.getFileName())), file);
    var again = fixture.reopen(partition, "p");
    assertThat(fixture.words(again.snapshot(), "common"))
        .as("what was replaced meanwhile does not come back")
        .hasSize(21)
        .anyMatch(hit -> hit.startsWith("a "));
  }

  /** The file goes, and a copy stays. */
  private void damage(Partition partition, int shard) throws IOException {
    var file = partition.shards().get(shard).file();
    Files.move(file, folder.resolve(String.valueOf(file.getFileName())));
  }

  private List<String> files() throws IOException {
    try (var paths = Files.list(fixture.folder("p").resolve("shards"))) {
      return paths.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }
}
