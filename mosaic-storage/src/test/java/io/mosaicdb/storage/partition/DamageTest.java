package io.mosaicdb.storage.partition;

import static io.mosaicdb.storage.partition.PartitionFixture.ids;
import static io.mosaicdb.storage.partition.PartitionFixture.upsert;
import static io.mosaicdb.storage.partition.PartitionFixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.model.document.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of damage to a shard's file, while it is served and while nobody looks. */
class DamageTest {
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

  /** The file is replaced, never changed in place: a mapped file that shrinks ends the process. */
  enum Damage {
    FLIPPED {
      @Override
      void applyTo(Path file) throws IOException {
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.delete(file);
        Files.write(file, bytes);
      }
    },
    TRUNCATED {
      @Override
      void applyTo(Path file) throws IOException {
        var bytes = Files.readAllBytes(file);
        Files.delete(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 3));
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
  }

  @ParameterizedTest
  @EnumSource
  void aShardDamagedWhileServedIsNamedAndHeals(Damage damage) throws Exception {
    var partition = threeShards();
    var victim = partition.shards().get(1);
    var whole = Files.readAllBytes(victim.file());

    damage.applyTo(victim.file());
    partition.maintain();

    assertThat(common(partition)).containsExactly("a", "e");
    assertThat(partition.status().problems())
        .anyMatch(each -> each.contains(victim.descriptor().shardId()));
    write(partition, upsert("b", "new"), Operation.delete("c"));
    putBack(victim.file(), whole);
    partition.maintain();
    assertHealed(partition);
    partition.seal();
    assertHealed(fixture.reopen(partition, "p"));
  }

  @ParameterizedTest
  @EnumSource
  void aShardDamagedAtRestIsNamedAndHeals(Damage damage) throws Exception {
    var partition = threeShards();
    var victim = partition.shards().get(1);
    var whole = Files.readAllBytes(victim.file());
    fixture.close(partition);

    damage.applyTo(victim.file());
    partition = fixture.open("p");

    assertThat(common(partition)).containsExactly("a", "e");
    assertThat(partition.status().problems())
        .anyMatch(each -> each.contains(victim.descriptor().shardId()));
    write(partition, upsert("b", "new"));
    putBack(victim.file(), whole);
    partition.maintain();
    assertThat(ids(fixture.words(partition.snapshot(), "new"))).containsExactly("b");
    assertThat(common(partition)).containsExactly("a", "c", "d", "e");
    write(partition, Operation.delete("c"));
    assertHealed(partition);
    partition.seal();
    assertHealed(fixture.reopen(partition, "p"));
  }

  private void assertHealed(Partition partition) throws Exception {
    assertThat(partition.snapshot().missing()).isEmpty();
    assertThat(common(partition)).containsExactly("a", "d", "e");
    assertThat(ids(fixture.words(partition.snapshot(), "new"))).containsExactly("b");
    assertThat(partition.status().documents()).isEqualTo(4);
  }

  private static void putBack(Path file, byte[] content) throws IOException {
    Files.deleteIfExists(file);
    Files.write(file, content);
  }

  private Partition threeShards() throws Exception {
    var partition = fixture.open("p");
    write(partition, upsert("a", "common"));
    partition.seal();
    write(partition, upsert("b", "common"), upsert("c", "common"), upsert("d", "common"));
    partition.seal();
    write(partition, upsert("e", "common"));
    partition.seal();
    return partition;
  }

  private List<String> common(Partition partition) throws Exception {
    return ids(fixture.words(partition.snapshot(), "common"));
  }
}
