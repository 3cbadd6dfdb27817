package io.mosaicdb.storage.partition;

import static io.mosaicdb.storage.partition.PartitionFixture.ids;
import static io.mosaicdb.storage.partition.PartitionFixture.upsert;
import static io.mosaicdb.storage.partition.PartitionFixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.model.document.Operation;
import io.mosaicdb.storage.compaction.CompactionPolicy.Scope;
import io.mosaicdb.storage.compaction.CompactionSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A damaged shard is carried from generation to generation, and costs nothing but itself. */
class WritesBesideDamageTest {
  private static final int SEAL = 5;

  /** Many times what may wait to be sealed. */
  private static final int WRITTEN = 20 * SEAL;

  @TempDir private Path folder;
  private PartitionFixture fixture;
  private Partition partition;
  private Path victim;
  private byte[] whole;
  private final Set<String> acknowledged = new TreeSet<>();

  @BeforeEach
  void damageable() throws Exception {
    fixture = new PartitionFixture(folder, Duration.ofHours(1));
    fixture.sealDocuments = SEAL;
    partition = fixture.open("p");
    put("a");
    partition.seal();
    put("b");
    put("c");
    partition.seal();
    put("d");
    partition.seal();
    victim = partition.shards().get(1).file();
    whole = Files.readAllBytes(victim);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void writesGoOnForLongAndEverythingIsThereWhenTheShardIs(boolean whileServed) throws Exception {
    damage(whileServed);
    var shardId = partition.snapshot().missing().getFirst().shardId();
    long generation = partition.snapshot().generation();

    for (int i = 0; i < WRITTEN; i++) {
      put("new-" + i);
    }
    // One of the shard that nobody can read.
    put("b");

    for (int start = 0; start < 2; start++) {
      partition.seal();
      assertThat(partition.snapshot().generation()).isGreaterThan(generation + 3);
      var there = new TreeSet<>(acknowledged);
      there.remove("c");
      assertThat(found()).isEqualTo(there);
      assertThat(partition.snapshot().missing())
          .extracting(each -> each.shardId())
          .containsExactly(shardId);
      assertThat(partition.status().problems()).anyMatch(each -> each.contains(shardId));
      assertThat(partition.findMissing("c")).isPresent();
      assertThat(partition.shardIds()).contains(shardId);
      partition = fixture.reopen(partition, "p");
    }
    requireHealing();
  }

  @Test
  void compactionLeavesADamagedShardWhereItIs() throws Exception {
    damage(true);
    for (int i = 0; i < 3 * SEAL; i++) {
      put("new-" + i);
    }
    partition.seal();

    var run = partition.compact(CompactionSettings.forShardsOf(1000), Scope.ALL, () -> false);

    assertThat(run.merged()).isGreaterThan(2);
    assertThat(partition.snapshot().missing()).hasSize(1);
    requireHealing();
  }

  @Test
  void deletesMeetAShardWhoseIdsAreStillInMemory() throws Exception {
    damage(true);
    write(partition, Operation.delete("c"));
    acknowledged.remove("c");

    put("e");
    partition.seal();
    partition = fixture.reopen(partition, "p");

    requireHealing();
  }

  @Test
  void aShardOfTheSameContentTakesThePlaceOfADamagedOne() throws Exception {
    damage(false);
    write(partition, upsert("b", "common"), upsert("c", "common"));

    partition.seal();

    assertThat(partition.snapshot().missing()).isEmpty();
    assertThat(found()).isEqualTo(acknowledged);
    partition = fixture.reopen(partition, "p");
    assertThat(partition.status().problems()).isEmpty();
    assertThat(found()).isEqualTo(acknowledged);
  }

  @Test
  void thePastIsNotGuessedAtWhereAShardWasReadAgain() throws Exception {
    damage(false);
    long before = partition.snapshot().commitSeq();
    put("b");
    put("b");
    partition.seal();

    Files.write(victim, whole);
    partition.maintain();

    assertThat(found()).isEqualTo(acknowledged);
    assertThat(partition.horizon()).isGreaterThan(before);
    for (long seq = partition.horizon(); seq <= partition.snapshot().commitSeq(); seq++) {
      assertThat(ids(fixture.words(partition.snapshotAt(seq), "common"))).doesNotHaveDuplicates();
    }
  }

  private void damage(boolean whileServed) throws Exception {
    if (!whileServed) {
      fixture.close(partition);
    }
    var bytes = whole.clone();
    bytes[bytes.length / 2] ^= 4;
    Files.delete(victim);
    Files.write(victim, bytes);
    if (whileServed) {
      partition.maintain();
    } else {
      partition = fixture.open("p");
    }
    assertThat(partition.snapshot().missing()).hasSize(1);
  }

  /** Put back while it is served, looked at before and after another start. */
  private void requireHealing() throws Exception {
    Files.deleteIfExists(victim);
    Files.write(victim, whole);
    partition.maintain();
    assertThat(partition.snapshot().missing()).isEmpty();
    assertThat(found()).isEqualTo(acknowledged);
    partition = fixture.reopen(partition, "p");
    assertThat(partition.status().problems()).isEmpty();
    assertThat(found()).isEqualTo(acknowledged);
    write(partition, Operation.delete("b"));
    acknowledged.remove("b");
    partition.seal();
    partition = fixture.reopen(partition, "p");
    assertThat(found()).isEqualTo(acknowledged);
  }

  /** As a client does: again when it is told to wait. */
  private void put(String id) throws Exception {
    for (int attempt = 0; ; attempt++) {
      try {
        write(partition, upsert(id, "common"));
        acknowledged.add(id);
        return;
      } catch (CompletionException e) {
        if (!(e.getCause() instanceof SealingBehindException) || attempt == 3) {
          throw e;
        }
        partition.seal();
      }
    }
  }

  private Set<String> found() throws Exception {
    var ids = ids(fixture.words(partition.snapshot(), "common"));
    assertThat(ids).doesNotHaveDuplicates();
    return new TreeSet<>(ids);
  }
}
