package io.mosaicdb.storage.partition;

import static io.mosaicdb.storage.partition.PartitionFixture.ids;
import static io.mosaicdb.storage.partition.PartitionFixture.upsert;
import static io.mosaicdb.storage.partition.PartitionFixture.vector;
import static io.mosaicdb.storage.partition.PartitionFixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.model.document.Operation;
import io.mosaicdb.storage.compaction.CompactionPolicy.Scope;
import io.mosaicdb.storage.compaction.CompactionSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {
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
  void anArchivedShardLeavesResultsKeepsItsFileAndComesBack() throws Exception {
    var partition = twoShards();
    var old = partition.shards().getFirst();

    assertThat(partition.archive(old.descriptor().shardId(), true)).isTrue();

    for (int round = 0; round < 2; round++) {
      assertThat(common(partition)).containsExactly("c", "d");
      assertThat(ids(fixture.nearest(partition.snapshot(), vector(1), 10)))
          .containsExactly("c", "d");
      assertThat(partition.find("a", false)).isEmpty();
      assertThat(partition.status().documents()).isEqualTo(2);
      assertThat(partition.status().problems()).isEmpty();
      assertThat(old.file()).exists();
      assertThat(partition.shards())
          .extracting(Partition.ShardStatus::archived)
          .containsExactly(true, false);
      partition = fixture.reopen(partition, "p");
    }
    write(partition, upsert("e", "common"));
    partition.seal();
    assertThat(common(partition)).containsExactly("c", "d", "e");
    partition.archive(old.descriptor().shardId(), false);
    assertThat(common(partition)).containsExactly("a", "b", "c", "d", "e");
    partition = fixture.reopen(partition, "p");
    assertThat(common(partition)).containsExactly("a", "b", "c", "d", "e");
  }

  @Test
  void whatIsReplacedOrDeletedMeanwhileDoesNotComeBack() throws Exception {
    var partition = twoShards();
    var old = partition.shards().getFirst().descriptor().shardId();
    partition.archive(old, true);
    write(partition, upsert("a", "new"), Operation.delete("b"));
    partition = fixture.reopen(partition, "p");
    partition.seal();

    partition.archive(old, false);

    assertThat(common(partition)).containsExactly("c", "d");
    assertThat(ids(fixture.words(partition.snapshot(), "new"))).containsExactly("a");
    assertThat(partition.status().documents()).isEqualTo(3);
  }

  @Test
  void mergingLeavesAnArchivedShardAlone() throws Exception {
    var partition = twoShards();
    var old = partition.shards().getFirst();
    partition.archive(old.descriptor().shardId(), true);
    write(partition, upsert("e", "common"));
    partition.seal();

    var run = partition.compact(CompactionSettings.forShardsOf(1000), Scope.ALL, () -> false);
    fixture.clock.pass(Duration.ofHours(3));
    partition.maintain();

    assertThat(run.merged()).isEqualTo(2);
    assertThat(old.file()).exists();
    partition.archive(old.descriptor().shardId(), false);
    assertThat(common(partition)).containsExactly("a", "b", "c", "d", "e");
  }

  @Test
  void anUnknownShardIsNotArchived() throws Exception {
    assertThat(twoShards().archive("nothing", true)).isFalse();
  }

  @Test
  void aShardThatNobodyReadsIsArchivedByItself() throws Exception {
    var partition = twoShards();

    assertThat(partition.archiveIdle(Duration.ofDays(1))).isEmpty();
    assertThat(partition.archiveIdle(Duration.ZERO)).hasSize(2);

    assertThat(common(partition)).isEmpty();
    assertThat(partition.archiveIdle(Duration.ZERO)).isEmpty();
  }

  private Partition twoShards() throws Exception {
    var partition = fixture.open("p");
    write(partition, upsert("a", "common", vector(1)), upsert("b", "common", vector(2)));
    partition.seal();
    write(partition, upsert("c", "common", vector(3)), upsert("d", "common", vector(4)));
    partition.seal();
    return partition;
  }

  private List<String> common(Partition partition) throws Exception {
    return ids(fixture.words(partition.snapshot(), "common"));
  }
}
