package io.mosaicdb.storage.partition;

import static io.mosaicdb.storage.partition.PartitionFixture.upsert;
import static io.mosaicdb.storage.partition.PartitionFixture.vector;
import static io.mosaicdb.storage.partition.PartitionFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.model.document.Operation;
import io.mosaicdb.storage.compaction.CompactionPolicy.Scope;
import io.mosaicdb.storage.compaction.CompactionSettings;
import io.mosaicdb.storage.search.Routing;
import io.mosaicdb.storage.search.SearchOutcome;
import io.mosaicdb.storage.segment.SegmentReadException;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a shard holds of memory, mappings and files, when it has left its partition. */
class ShardReadersTest {
  private static final int DOCUMENTS = 40;
  private static final int SEALS = 200;
  private static final CompactionSettings SETTINGS = CompactionSettings.forShardsOf(1000);

  @TempDir private Path folder;
  private PartitionFixture fixture;

  @BeforeEach
  void create() {
    fixture = new PartitionFixture(folder, Duration.ZERO);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aShardThatLeftIsReadAsBeforeUntilItsReaderEndsAndNoLonger() throws Exception {
    var partition = fixture.open("p");
    rewrite(partition, 1);
    rewrite(partition, 2);
    var reading = fixture.readers.begin();
    var snapshot = partition.snapshot();
    var words = fixture.words(snapshot, "common");
    var nearest = fixture.nearest(snapshot, vector(3), 5);

    rewrite(partition, 3);
    compact(partition);
    fixture.clock.pass(Duration.ofHours(3));
    partition.maintain();

    assertThat(fixture.readers.waiting()).isPositive();
    assertThat(fixture.words(snapshot, "common")).isEqualTo(words).hasSize(DOCUMENTS);
    assertThat(fixture.nearest(snapshot, vector(3), 5)).isEqualTo(nearest);
    var other = reading.again();
    reading.close();
    reading.close();
    assertThat(fixture.nearest(snapshot, vector(3), 5)).isEqualTo(nearest);
    other.close();
    assertThat(fixture.readers.waiting()).isZero();
    var left = snapshot.segments().getFirst().segment();
    assertThatThrownBy(() -> left.load(new int[] {0}, true))
        .isInstanceOf(SegmentReadException.class)
        .hasMessageContaining("closed");
    assertThat(fixture.words(partition.snapshot(), "common")).hasSize(DOCUMENTS);
  }

  @Test
  void whoBeganAfterAShardLeftDoesNotKeepIt() throws Exception {
    var partition = fixture.open("p");
    rewrite(partition, 1);
    rewrite(partition, 2);
    var before = fixture.readers.begin();
    compact(partition);
    var after = fixture.readers.begin();

    before.close();

    assertThat(fixture.readers.waiting()).isZero();
    after.close();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void memoryAndFilesStayTheSameOverHundredsOfSealsAndMergesWhileSearchesRun() throws Exception {
    var partition = fixture.open("p");
    rewrite(partition, 0);
    rewrite(partition, 1);
    compact(partition);
    long direct = direct();
    var over = new AtomicBoolean();
    try (var threads = Executors.newFixedThreadPool(2)) {
      var searches = new ArrayList<Future<Integer>>();
      try {
        for (int i = 0; i < 2; i++) {
          searches.add(threads.submit(() -> searchUntil(over, partition)));
        }
        for (int i = 2; i < SEALS; i++) {
          rewrite(partition, i);
          if (i % 10 == 0) {
            compact(partition);
          }
          fixture.clock.pass(Duration.ofHours(3));
          partition.maintain();
        }
        rewrite(partition, SEALS);
        compact(partition);
        partition.maintain();
      } finally {
        over.set(true);
      }
      for (Future<Integer> each : searches) {
        assertThat(each.get()).isPositive();
      }
    }

    assertThat(fixture.readers.waiting()).isZero();
    assertThat(partition.shards()).hasSize(1);
    assertThat(direct()).isLessThanOrEqualTo(direct + (64 << 10));
    assertThat(openFilesThatAreGone()).isZero();
  }

  /** How many searches found all there is. */
  private int searchUntil(AtomicBoolean over, Partition partition) throws Exception {
    int searches = 0;
    while (!over.get() || searches == 0) {
      try (var _ = fixture.readers.begin()) {
        var snapshot = partition.snapshot();
        var outcome = fixture.routed(snapshot, "common", vector(searches), Routing.EVERYWHERE);
        assertThat(outcome.segments())
            .noneMatch(each -> each.state() == SearchOutcome.State.FAILED);
        assertThat(outcome.vector()).hasSize(DOCUMENTS);
        for (var view : snapshot.segments()) {
          view.segment().load(new int[] {0}, true);
        }
      }
      searches++;
    }
    return searches;
  }

  private static void rewrite(Partition partition, int round) throws Exception {
    write(
        partition,
        IntStream.range(0, DOCUMENTS)
            .mapToObj(i -> upsert("d" + i, "common round" + round, vector(i)))
            .toArray(Operation[]::new));
    partition.seal();
  }

  private static void compact(Partition partition) throws IOException {
    partition.compact(SETTINGS, Scope.ALL, () -> false);
  }

  private static long direct() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  /** Files of the partition that are deleted and still open or mapped. */
  private long openFilesThatAreGone() throws IOException {
    long gone = 0;
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      for (Path each : files.toList()) {
        gone += isGone(each) ? 1 : 0;
      }
    }
    try (var mappings = Files.lines(Path.of("/proc/self/maps"))) {
      return gone + mappings.filter(line -> isGone(line)).count();
    }
  }

  private boolean isGone(Path descriptor) throws IOException {
    try {
      return isGone(Files.readSymbolicLink(descriptor).toString());
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private boolean isGone(String line) {
    return line.contains(folder.toString()) && line.endsWith(" (deleted)");
  }
}
