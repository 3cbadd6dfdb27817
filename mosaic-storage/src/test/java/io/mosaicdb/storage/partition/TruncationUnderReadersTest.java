package io.mosaicdb.storage.partition;

import static io.mosaicdb.storage.partition.PartitionFixture.ids;
import static io.mosaicdb.storage.partition.PartitionFixture.upsert;
import static io.mosaicdb.storage.partition.PartitionFixture.vector;
import static io.mosaicdb.storage.partition.PartitionFixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.model.document.Operation;
import io.mosaicdb.storage.search.Routing;
import io.mosaicdb.storage.segment.SegmentReadException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A shard's file that is cut short in place while it is mapped and read: the system ends a process
 * that touches a page which is not there any more, unless it is prepared.
 */
class TruncationUnderReadersTest {
  private static final int DOCUMENTS = 400;
  private static final int SEARCHES = 300;

  @TempDir private Path folder;

  /** What is left of the file, in percent. */
  @ParameterizedTest
  @ValueSource(ints = {0, 30, 90})
  void costsTheShardAndNeverTheProcess(int left) throws Exception {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-modules",
            "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + folder.resolve("crash.log"),
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            folder.resolve("data").toString(),
            Integer.toString(left));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();

    var lines = new ArrayList<String>();
    try (var output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      output.lines().forEach(lines::add);
    }

    assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
    assertThat(lines).contains("before 800", "named true", "after 400", "healed 800");
  }

  /** Serves two shards, searches them warm, cuts one, goes on searching. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws Exception {
      try (var fixture = new PartitionFixture(Path.of(arguments[0]), Duration.ofHours(1))) {
        run(fixture, Integer.parseInt(arguments[1]));
      }
    }

    private static void run(PartitionFixture fixture, int left) throws Exception {
      var partition = fixture.open("p");
      fill(partition, "a");
      fill(partition, "b");
      System.out.println("before " + search(fixture, partition, 0));
      for (int i = 1; i < SEARCHES; i++) {
        search(fixture, partition, i);
      }
      var victim = partition.shards().get(1);
      var whole = Files.readAllBytes(victim.file());
      try (var file = FileChannel.open(victim.file(), StandardOpenOption.WRITE)) {
        file.truncate(whole.length * (long) left / 100);
      }
      for (int i = 0; i < SEARCHES; i++) {
        search(fixture, partition, i);
        load(partition);
      }
      partition.maintain();
      System.out.println(
          "named "
              + partition.status().problems().stream()
                  .anyMatch(each -> each.contains(victim.descriptor().shardId())));
      System.out.println("after " + search(fixture, partition, 0));
      Files.write(victim.file(), whole);
      partition.maintain();
      System.out.println("healed " + search(fixture, partition, 0));
    }

    private static void fill(Partition partition, String prefix) throws Exception {
      write(
          partition,
          IntStream.range(0, DOCUMENTS)
              .mapToObj(i ->
                  upsert(
                      prefix + i,
                      "common text of document number" + i + " ".repeat(300),
                      vector(i)))
              .toArray(Operation[]::new));
      partition.seal();
    }

    /** How many documents words find; vectors are asked for as well. */
    private static int search(PartitionFixture fixture, Partition partition, int seed)
        throws Exception {
      var snapshot = partition.snapshot();
      var routed = fixture.routed(snapshot, "number" + seed, vector(seed), Routing.EVERYWHERE);
      if (routed.vector().isEmpty()) {
        throw new IllegalStateException("no shard answers any more");
      }
      return ids(fixture.any(snapshot, "common")).size();
    }

    private static void load(Partition partition) {
      for (var view : partition.snapshot().segments()) {
        try {
          view.segment().load(new int[] {0, view.segment().documentCount() - 1}, true);
        } catch (SegmentReadException e) {
          // The shard that was cut: what is read of it fails, and nothing else does.
        }
      }
    }
  }
}
