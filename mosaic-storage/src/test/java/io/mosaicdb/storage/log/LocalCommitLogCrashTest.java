package io.mosaicdb.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, killed at random instants or run out of space, and what they had promised. */
class LocalCommitLogCrashTest {
  private static final int ROUNDS = 10;

  @TempDir Path partition;

  @Test
  void keepsEveryAcknowledgedCommitWhenKilledAtAnyInstant() throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var acknowledged = new TreeMap<Long, String>();
    for (int round = 0; round < ROUNDS; round++) {
      var process = start(List.of(), "round" + round, 4, 200 + random.nextInt(3_000), 2_000_000);
      int killAfter = 1 + random.nextInt(400);
      try (var lines = output(process)) {
        int acks = 0;
        for (String line; acks < killAfter && (line = lines.readLine()) != null; acks++) {
          record(line, acknowledged);
        }
        // By its handle: Process.destroyForcibly would close the pipe with what is still in it.
        process.toHandle().destroyForcibly();
        // Acknowledgements may still be in the pipe: they count as much as the others.
        for (String line; (line = lines.readLine()) != null; ) {
          record(line, acknowledged);
        }
      }
      process.waitFor();
      verify(acknowledged, "seed " + seed + " round " + round);
    }
    assertThat(acknowledged.size()).isGreaterThan(ROUNDS);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void acknowledgesNothingThatTheDiskDidNotTake() throws Exception {
    var acknowledged = new TreeMap<Long, String>();
    // No file may grow beyond 4 MB, which the write-ahead file or the log file soon wants to.
    var process =
        start(
            List.of("bash", "-c", "ulimit -f 4096; exec \"$@\"", "limited"),
            "full",
            2,
            100_000,
            100_000_000);
    var stopped = new ArrayList<String>();
    try (var lines = output(process)) {
      for (String line; (line = lines.readLine()) != null; ) {
        if (line.startsWith("stopped ")) {
          stopped.add(line);
        } else {
          record(line, acknowledged);
        }
      }
    }
    assertThat(process.waitFor()).isZero();

    assertThat(stopped).hasSize(2).allMatch(line -> line.contains("LogFailedException"));
    assertThat(stopped).anyMatch(line -> line.contains("could not be written"));
    verify(acknowledged, "disk full");
  }

  private void verify(NavigableMap<Long, String> acknowledged, String description) {
    var found = new TreeMap<Long, String>();
    var keys = new HashSet<String>();
    var order = new ArrayList<Long>();
    try (var log =
        LocalCommitLog.open(
            partition.resolve("log"),
            LogSettings.defaults().withRotateBytes(2_000_000),
            LogPosition.START,
            entries ->
                entries.forEach(entry -> {
                  order.add(entry.seq());
                  found.put(entry.seq(), String.valueOf(entry.operationId()));
                  assertThat(keys.add(String.valueOf(entry.operationId()))).isTrue();
                }))) {
      assertThat(log.recovery().damage()).as(description).isEmpty();
      assertThat(log.recovery().epochRaised()).as(description).isFalse();
      assertThat(order).as(description).isSorted().hasSize((int) log.readPoint().seq());
      assertThat(found).as(description).containsAllEntriesOf(acknowledged);
      if (!acknowledged.isEmpty()) {
        assertRepetitionIsRecognised(log, acknowledged.lastEntry().getKey());
      }
    }
  }

  /** The last acknowledged operation, sent again by a client that did not hear the answer. */
  private static void assertRepetitionIsRecognised(LocalCommitLog log, long seq) {
    var tail = (Tail.Available) log.tail(seq - 1);
    try (var cursor = tail.cursor()) {
      var entry = cursor.next(1).getFirst();
      var again = log.append(Append.of(entry.payload(), entry.operationId())).visible().join();
      assertThat(again.duplicate()).isTrue();
      assertThat(again.commitSeq()).isEqualTo(seq);
    }
  }

  private Process start(
      List<String> prefix, String name, int threads, int filling, long rotateBytes)
      throws IOException {
    var command = new ArrayList<>(prefix);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            LogCrashProcess.class.getName(),
            partition.resolve("log").toString(),
            name,
            Integer.toString(threads),
            Integer.toString(filling),
            Long.toString(rotateBytes)));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static BufferedReader output(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static void record(String line, Map<Long, String> acknowledged) {
    var words = line.split(" ", -1);
    // A kill can cut the last line short; such an acknowledgement was never heard.
    if (words.length == 3 && words[0].equals("ack") && words[2].matches("\\w+-\\d+-\\d+")) {
      var before = acknowledged.put(Long.parseLong(words[1]), words[2]);
      assertThat(before).isNull();
    }
  }
}
