package io.mosaicdb.storage.partition;

import static io.mosaicdb.storage.partition.PartitionFixture.ids;
import static io.mosaicdb.storage.partition.PartitionFixture.upsert;
import static io.mosaicdb.storage.partition.PartitionFixture.vector;
import static io.mosaicdb.storage.partition.PartitionFixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.model.document.Operation;
import io.mosaicdb.storage.hash.Pace;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many shards damaged at once, and damage that changes neither size nor time of a file. */
class MassDamageTest {
  private static final int SHARDS = 24;
  private static final int DOCUMENTS = 50;

  @TempDir private Path folder;

  @Test
  void searchesGoOnWhileManyDamagedFilesAreReadAndEachIsReadOnce() throws Exception {
    var pace = new Pace(20_000_000);
    try (var fixture = new PartitionFixture(folder, Duration.ofHours(1))) {
      fixture.verification = new Verification(Duration.ofDays(1), pace);
      var partition = shards(fixture);
      var before = searches(fixture, partition, 200);
      for (int i = 0; i < SHARDS; i += 2) {
        flip(partition.shards().get(i).file());
      }

      try (var background = Executors.newSingleThreadExecutor()) {
        var inspection =
            background.submit(() -> {
              partition.maintain();
              return true;
            });
        var during = new ArrayList<long[]>();
        do {
          during.add(searches(fixture, partition, 50));
        } while (!inspection.isDone());
        assertThat(inspection.get()).isTrue();
        System.out.printf(
            "search p95 before %.2f ms, while %d damaged files are verified %.2f ms%n",
            p95(before), SHARDS / 2, p95(during.stream().flatMapToLong(Arrays::stream).toArray()));
      }

      assertThat(partition.snapshot().missing()).hasSize(SHARDS / 2);
      assertThat(ids(fixture.any(partition.snapshot(), "common"))).hasSize(SHARDS / 2 * DOCUMENTS);
      long read = pace.total();
      assertThat(read).isPositive();
      partition.maintain();
      assertThat(pace.total()).isEqualTo(read);
    }
  }

  @Test
  void damageThatLeavesSizeAndTimeIsFoundWhenTheFileIsReadAgain() throws Exception {
    try (var fixture = new PartitionFixture(folder, Duration.ofHours(1))) {
      var partition = shards(fixture);
      var victim = partition.shards().get(3);
      var modified = Files.getLastModifiedTime(victim.file());
      partition.maintain();
      flip(victim.file());
      Files.setLastModifiedTime(victim.file(), FileTime.from(modified.toInstant()));

      partition.maintain();
      assertThat(partition.snapshot().missing()).isEmpty();
      fixture.clock.pass(Duration.ofDays(2));
      for (int i = 0; i < SHARDS; i++) {
        partition.maintain();
      }

      assertThat(partition.snapshot().missing())
          .extracting(each -> each.shardId())
          .containsExactly(victim.descriptor().shardId());
    }
  }

  private static Partition shards(PartitionFixture fixture) throws Exception {
    var partition = fixture.open("p");
    for (int shard = 0; shard < SHARDS; shard++) {
      var prefix = shard + "-";
      write(
          partition,
          IntStream.range(0, DOCUMENTS)
              .mapToObj(i -> upsert(prefix + i, "common text" + i + " ".repeat(2_000), vector(i)))
              .toArray(Operation[]::new));
      partition.seal();
    }
    return partition;
  }

  private static void flip(Path file) throws Exception {
    try (var access = new RandomAccessFile(file.toFile(), "rw")) {
      access.seek(access.length() / 2);
      int one = access.read();
      access.seek(access.length() / 2);
      access.write(one ^ 4);
    }
  }

  private static long[] searches(PartitionFixture fixture, Partition partition, int count)
      throws Exception {
    var nanos = new long[count];
    for (int i = 0; i < count; i++) {
      try (var _ = fixture.readers.begin()) {
        long start = System.nanoTime();
        fixture.any(partition.snapshot(), "text" + i % DOCUMENTS);
        nanos[i] = System.nanoTime() - start;
      }
    }
    return nanos;
  }

  private static double p95(long[] nanos) {
    var sorted = nanos.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length * 95 / 100] / 1e6;
  }
}
