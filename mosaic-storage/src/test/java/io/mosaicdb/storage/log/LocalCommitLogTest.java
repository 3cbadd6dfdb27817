package io.mosaicdb.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCommitLogTest extends AbstractCommitLogTest {
  private static final LogSettings SMALL = LogSettings.defaults().withRotateBytes(40_000);

  @TempDir Path partition;

  @Override
  protected CommitLog open(LogPosition applied, CommitApplier applier) {
    return open(LogSettings.defaults(), applied, applier);
  }

  @Override
  protected CommitLog openWithQueue(int entries, CommitApplier applier) {
    return open(LogSettings.defaults().withQueue(entries, 1_000_000), LogPosition.START, applier);
  }

  private LocalCommitLog open(LogSettings settings, LogPosition applied, CommitApplier applier) {
    return LocalCommitLog.open(directory(), settings, applied, applier);
  }

  private Path directory() {
    return partition.resolve("log");
  }

  @Test
  void refusesASecondWriterAndNamesTheFirst() {
    try (var log = open(LogPosition.START, entries -> {})) {
      assertThatThrownBy(() -> open(LogPosition.START, entries -> {}))
          .isInstanceOf(LogLockedException.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid());
      log.append(Append.of(bytes("still works"))).visible().join();
    }
    open(LogPosition.START, entries -> {}).close();
  }

  @Test
  void refusesTooLargeAnEntry() {
    var settings = new LogSettings(1_000_000, 0, 10, 10_000, 10, 1_000, 5, 10, Duration.ofHours(1));
    try (var log = open(settings, LogPosition.START, entries -> {})) {
      assertThat(failure(log.append(Append.of(new byte[6]))))
          .isInstanceOf(EntryTooLargeException.class)
          .hasMessageContaining("<= 5 bytes, got 6");
    }
  }

  @Test
  void rotatesIntoNumberedFilesAndCountsOn() throws IOException {
    try (var log = open(SMALL, LogPosition.START, entries -> {})) {
      append(log, 60);

      assertThat(log.status().files()).isGreaterThanOrEqualTo(4);
      assertThat(LogSegments.list(directory()))
          .extracting(path -> path.getFileName().toString())
          .startsWith("00000001.db", "00000002.db", "00000003.db");
      try (var cursor = available(log.tail(0))) {
        assertThat(drain(cursor)).isEqualTo(LongStream.rangeClosed(1, 60).boxed().toList());
      }
    }
    assertThat(replay(SMALL, LogPosition.START)).hasSize(60);
  }

  @Test
  void recoversSevenUnappliedFilesAfterACrash() throws Exception {
    try (var log = open(SMALL, LogPosition.START, entries -> {})) {
      int appended = 0;
      while (log.status().files() < 7) {
        append(log, 1);
        appended++;
      }
      long expected = appended;
      crashInto(copy -> {
        var seqs = new ArrayList<Long>();
        try (var reopened =
            LocalCommitLog.open(
                copy,
                SMALL,
                LogPosition.START,
                entries -> entries.forEach(e -> seqs.add(e.seq())))) {
          assertThat(reopened.recovery().clean()).isTrue();
          assertThat(reopened.recovery().replayed()).isEqualTo(expected);
        }
        assertThat(seqs).isEqualTo(LongStream.rangeClosed(1, expected).boxed().toList());
      });
    }
  }

  @Test
  void purgesWholeFilesThatAreApplied() throws IOException {
    try (var log = open(SMALL, LogPosition.START, entries -> {})) {
      append(log, 60);
      int before = log.status().files();

      log.purge(25);

      var status = log.status();
      assertThat(status.files()).isLessThan(before);
      assertThat(status.firstSeq()).isBetween(2L, 26L);
      assertThat(log.tail(0)).isEqualTo(new Tail.LogPurged(status.firstSeq()));
      try (var cursor = available(log.tail(25))) {
        assertThat(drain(cursor)).isEqualTo(LongStream.rangeClosed(26, 60).boxed().toList());
      }
      try (var paths = Files.list(directory())) {
        assertThat(paths.map(path -> path.getFileName().toString()))
            .noneMatch(name -> name.startsWith("00000001"));
      }
    }
    assertThat(replay(SMALL, new LogPosition(1, 25)))
        .isEqualTo(LongStream.rangeClosed(26, 60).boxed().toList());
  }

  @Test
  void keepsCountingWhenEverythingWasPurged() {
    try (var log = open(SMALL, LogPosition.START, entries -> {})) {
      append(log, 60);
      log.purge(60);

      assertThat(log.status().files()).isEqualTo(1);
      assertThat(log.status().firstSeq()).isEqualTo(61);
    }
    try (var log = open(SMALL, new LogPosition(1, 60), entries -> {})) {
      assertThat(log.recovery().replayed()).isZero();
      assertThat(log.recovery().clean()).isTrue();
      assertThat(log.append(Append.of(bytes("x"))).visible().join().position())
          .isEqualTo(new LogPosition(1, 61));
    }
  }

  @Test
  void keepsTheConfiguredNumberOfAppliedFiles() {
    try (var log = open(SMALL.withKeepFiles(2), LogPosition.START, entries -> {})) {
      append(log, 60);
      log.purge(60);

      assertThat(log.status().files()).isEqualTo(3);
    }
  }

  @Test
  void tellsACursorThatFellBehind() {
    try (var log = open(SMALL, LogPosition.START, entries -> {})) {
      append(log, 60);
      try (var cursor = available(log.tail(0))) {
        log.purge(40);

        assertThatThrownBy(() -> cursor.next(10)).isInstanceOf(LogPurgedException.class);
      }
    }
  }

  @Test
  void remembersOperationsAcrossRotationAndPurge() {
    try (var log = open(SMALL, LogPosition.START, entries -> {})) {
      log.append(Append.of(bytes("a"), "early")).visible().join();
      append(log, 60);
      log.purge(61);
      assertThat(log.status().firstSeq()).isGreaterThan(1);

      var again = log.append(Append.of(bytes("a"), "early")).visible().join();

      assertThat(again.duplicate()).isTrue();
      assertThat(again.commitSeq()).isEqualTo(1);
    }
  }

  @Test
  void forgetsOperationsBeyondTheLimitWhenAFileIsBegun() {
    try (var log =
        open(SMALL.withOperations(0, Duration.ofHours(1)), LogPosition.START, entries -> {})) {
      log.append(Append.of(bytes("a"), "early")).visible().join();
      append(log, 60);

      assertThat(log.append(Append.of(bytes("a"), "early")).visible().join().duplicate()).isFalse();
    }
  }

  @Test
  void skipsAndReportsAFlippedByteInAClosedFile() throws IOException {
    try (var log = open(LogPosition.START, entries -> {})) {
      append(log, 20);
    }
    flip(LogSegments.path(directory(), 1), "payload number 7 ");

    var seqs = new ArrayList<Long>();
    try (var log =
        open(
            LogSettings.defaults(),
            LogPosition.START,
            entries -> entries.forEach(e -> seqs.add(e.seq())))) {
      assertThat(seqs).hasSize(19).doesNotContain(7L);
      assertThat(log.recovery().damage()).containsExactly(new LogDamage(7, 7, "checksum mismatch"));
      assertThat(log.status().damage()).extracting(LogDamage::firstSeq).containsExactly(7L);
      assertThat(log.append(Append.of(bytes("next"))).visible().join().commitSeq()).isEqualTo(21);
    }
  }

  @Test
  void skipsAndReportsAFlippedByteInTheWriteAheadFile() throws Exception {
    try (var log = open(LogPosition.START, entries -> {})) {
      append(log, 20);
      crashInto(copy -> {
        flip(copy.resolve("00000001.db-wal"), "payload number 7 ");
        var seqs = new ArrayList<Long>();
        try (var reopened =
            LocalCommitLog.open(
                copy,
                LogSettings.defaults(),
                LogPosition.START,
                entries -> entries.forEach(e -> seqs.add(e.seq())))) {
          assertThat(seqs).contains(6L, 8L, 20L);
          assertThat(reopened.recovery().quarantined()).hasSize(1);
          assertThat(reopened.recovery().quarantined().getFirst()).exists();
          assertThat(reopened.append(Append.of(bytes("next"))).visible().join().commitSeq())
              .isEqualTo(21);
        }
      });
    }
  }

  @Test
  void dropsATornEndOfTheWriteAheadFile() throws Exception {
    try (var log = open(LogPosition.START, entries -> {})) {
      append(log, 20);
      crashInto(copy -> {
        var wal = copy.resolve("00000001.db-wal");
        truncate(wal, Files.size(wal) - 1000);
        // What is torn was never acknowledged.
        Files.delete(copy.resolve("END"));
        var seqs = new ArrayList<Long>();
        try (var reopened =
            LocalCommitLog.open(
                copy,
                LogSettings.defaults(),
                LogPosition.START,
                entries -> entries.forEach(e -> seqs.add(e.seq())))) {
          assertThat(seqs).isEqualTo(LongStream.rangeClosed(1, 19).boxed().toList());
          assertThat(reopened.append(Append.of(bytes("next"))).visible().join().commitSeq())
              .isEqualTo(20);
        }
      });
    }
  }

  @Test
  void missesAcknowledgedCommitsThatWereCutOffTheWriteAheadFile() throws Exception {
    try (var log = open(LogPosition.START, entries -> {})) {
      append(log, 20);
      for (int left : new int[] {0, 1, 2}) {
        crashInto(copy -> {
          var wal = copy.resolve("00000001.db-wal");
          truncate(wal, Files.size(wal) * left / 3);
          for (int start = 0; start < 2; start++) {
            try (var reopened =
                LocalCommitLog.open(
                    copy, LogSettings.defaults(), LogPosition.START, entries -> {})) {
              assertThat(reopened.recovery().damage().getLast().lastSeq()).isEqualTo(20);
              assertThat(reopened.readPoint().seq()).isEqualTo(20);
            }
          }
        });
      }
    }
  }

  @Test
  void missesANewestFileThatIsGone() throws Exception {
    try (var log = open(LogSettings.defaults().withRotateBytes(1), LogPosition.START, e -> {})) {
      append(log, 3);
    }
    Files.delete(LogSegments.list(directory()).getLast());

    var seqs = new ArrayList<Long>();
    try (var log =
        open(
            LogSettings.defaults(),
            LogPosition.START,
            entries -> entries.forEach(e -> seqs.add(e.seq())))) {
      assertThat(seqs).containsExactly(1L, 2L);
      assertThat(log.recovery().damage()).extracting(LogDamage::firstSeq).containsExactly(3L);
      assertThat(log.append(Append.of(bytes("next"))).visible().join().commitSeq()).isEqualTo(4);
    }
  }

  @Test
  void stopsWhenTheFileItWritesIsTakenAway() throws Exception {
    try (var log = open(LogSettings.defaults(), LogPosition.START, entries -> {})) {
      append(log, 3);
      log.inspect();
      Files.delete(LogSegments.path(directory(), 1));

      assertThatThrownBy(() -> log.append(Append.of(bytes("lost"))).durable().join())
          .hasMessageContaining("was removed while it was written to");
      assertThat(log.status().lastSeq()).isEqualTo(3);
    }
  }

  @Test
  void savesWhatIsReadableOfATruncatedFileAndBeginsANewEpoch() throws IOException {
    try (var log = open(LogPosition.START, entries -> {})) {
      append(log, 60);
    }
    var file = LogSegments.path(directory(), 1);
    truncate(file, Files.size(file) / 2);

    var seqs = new ArrayList<Long>();
    try (var log =
        open(
            LogSettings.defaults(),
            LogPosition.START,
            entries -> entries.forEach(e -> seqs.add(e.seq())))) {
      assertThat(seqs).isNotEmpty().isSorted().doesNotHaveDuplicates().startsWith(1L);
      assertThat(log.recovery().epochRaised()).isTrue();
      assertThat(log.recovery().quarantined())
          .singleElement()
          .satisfies(p -> assertThat(p).exists());
      assertThat(log.recovery().damage().getLast().lastSeq()).isEqualTo(LogDamage.UNKNOWN_END);
      assertThat(log.readPoint().epoch()).isEqualTo(2);
      // Sixty were acknowledged: none of their numbers is given out again.
      var next = log.append(Append.of(bytes("next"))).visible().join();
      assertThat(next.commitSeq()).isEqualTo(61);
      assertThat(next.epoch()).isEqualTo(2);
    }
  }

  @Test
  void savesTheRowsAroundADestroyedPage() throws IOException {
    try (var log = open(LogPosition.START, entries -> {})) {
      append(log, 60);
    }
    var file = LogSegments.path(directory(), 1);
    var bytes = Files.readAllBytes(file);
    int at = indexOf(bytes, "payload number 30 ") / 4096 * 4096;
    for (int i = 0; i < 4096; i++) {
      bytes[at + i] = (byte) 0xee;
    }
    Files.write(file, bytes);

    var seqs = new ArrayList<Long>();
    try (var log =
        open(
            LogSettings.defaults(),
            LogPosition.START,
            entries -> entries.forEach(e -> seqs.add(e.seq())))) {
      assertThat(seqs).contains(1L, 60L).doesNotContain(30L).isSorted();
      assertThat(seqs.size()).isGreaterThan(50);
      assertThat(log.recovery().quarantined()).hasSize(1);
      assertThat(log.append(Append.of(bytes("next"))).visible().join().position())
          .isEqualTo(new LogPosition(1, 61));
    }
    assertThat(replay(LogSettings.defaults(), LogPosition.START)).isEqualTo(seqs);
  }

  @Test
  void startsWithAFileThatIsNoDatabase() throws IOException {
    try (var log = open(LogPosition.START, entries -> {})) {
      append(log, 5);
    }
    Files.write(LogSegments.path(directory(), 1), new byte[10_000]);

    try (var log = open(LogSettings.defaults(), LogPosition.START, entries -> {})) {
      assertThat(log.recovery().clean()).isFalse();
      assertThat(log.readPoint().epoch()).isEqualTo(2);
      assertThat(log.append(Append.of(bytes("next"))).visible().join().epoch()).isEqualTo(2);
    }
  }

  @Test
  void finishesASalvageThatWasInterrupted() throws IOException {
    try (var log = open(LogPosition.START, entries -> {})) {
      append(log, 5);
    }
    var file = LogSegments.path(directory(), 1);
    Files.move(file, LogSalvage.target(file));

    assertThat(replay(LogSettings.defaults(), LogPosition.START)).hasSize(5);
  }

  @Test
  void ignoresAFileWhoseCreationWasCutShort() throws IOException {
    try (var log = open(LogPosition.START, entries -> {})) {
      append(log, 5);
    }
    Files.write(LogSegments.path(directory(), 2), new byte[0]);

    try (var log = open(LogSettings.defaults(), LogPosition.START, entries -> {})) {
      assertThat(log.recovery().clean()).isTrue();
      assertThat(log.append(Append.of(bytes("next"))).visible().join().commitSeq()).isEqualTo(6);
    }
  }

  @Test
  void refusesAFormatItDoesNotKnow() throws SQLException {
    open(LogPosition.START, entries -> {}).close();
    try (var connection =
            io.mosaicdb.storage.sqlite.SqliteConnections.openWriter(
                LogSegments.path(directory(), 1));
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = 99");
    }

    assertThatThrownBy(() -> open(LogPosition.START, entries -> {}))
        .isInstanceOf(LogFailedException.class)
        .hasMessageContaining("format 99");
  }

  @Test
  void reportsCommitsThatAreMissingBeforeTheLog() {
    try (var log = open(SMALL, LogPosition.START, entries -> {})) {
      append(log, 60);
      log.purge(60);
    }
    try (var log = open(SMALL, new LogPosition(1, 10), entries -> {})) {
      assertThat(log.recovery().damage())
          .containsExactly(new LogDamage(11, 60, "purged or lost before the log's begin"));
    }
  }

  @Test
  void opensAfterAnyDamageAndAppliesOnlyWhatWasWritten() throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    try (var log = open(SMALL, LogPosition.START, entries -> {})) {
      append(log, 45);
      for (int round = 0; round < 60; round++) {
        var description = "seed " + seed + " round " + round;
        crashInto(copy -> {
          damageSomething(copy, random);
          var seqs = new ArrayList<Long>();
          try (var reopened =
              LocalCommitLog.open(
                  copy,
                  SMALL,
                  LogPosition.START,
                  entries ->
                      entries.forEach(entry -> {
                        seqs.add(entry.seq());
                        assertThat(text(entry)).startsWith("payload number " + entry.seq() + " ");
                      }))) {
            assertThat(seqs).as(description).isSorted().doesNotHaveDuplicates();
            var last = reopened.readPoint();
            assertThat(
                    reopened
                        .append(Append.of(bytes("payload number " + (last.seq() + 1) + " ")))
                        .visible()
                        .join()
                        .position())
                .as(description)
                .isEqualTo(new LogPosition(last.epoch(), last.seq() + 1));
            assertThat(last.seq()).as(description).isLessThanOrEqualTo(45);
          }
        });
      }
    }
  }

  /** Flips bytes in, cuts, empties or removes one file of a log. */
  private static void damageSomething(Path directory, Random random) throws IOException {
    List<Path> files;
    try (var paths = Files.list(directory)) {
      files = paths.filter(path -> path.toString().contains(".db")).sorted().toList();
    }
    var file = files.get(random.nextInt(files.size()));
    var bytes = Files.readAllBytes(file);
    switch (random.nextInt(5)) {
      case 0 -> truncate(file, random.nextInt(bytes.length + 1));
      case 1 -> Files.write(file, new byte[random.nextInt(5_000)]);
      case 2 -> Files.delete(file);
      default -> {
        for (int i = random.nextInt(40); i >= 0 && bytes.length > 0; i--) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        Files.write(file, bytes);
      }
    }
  }

  private void append(CommitLog log, int count) {
    long from = log.readPoint().seq();
    for (long i = from + 1; i <= from + count; i++) {
      log.append(Append.of(bytes(("payload number " + i + " ").repeat(100)))).visible().join();
    }
  }

  private List<Long> replay(LogSettings settings, LogPosition applied) {
    var seqs = new ArrayList<Long>();
    open(settings, applied, entries -> entries.forEach(e -> seqs.add(e.seq()))).close();
    return seqs;
  }

  private static List<Long> drain(LogCursor cursor) {
    var seqs = new ArrayList<Long>();
    while (true) {
      var entries = cursor.next(7);
      if (entries.isEmpty()) {
        return seqs;
      }
      entries.forEach(entry -> seqs.add(entry.seq()));
    }
  }

  private interface AfterCrash {
    void check(Path directory) throws Exception;
  }

  /** Copies the files as a crash would leave them while the log is open, and checks the copy. */
  private void crashInto(AfterCrash check) throws Exception {
    var copy = partition.resolve("crashed/log");
    if (Files.exists(copy)) {
      try (var old = Files.walk(partition.resolve("crashed"))) {
        for (var path : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    Files.createDirectories(copy);
    try (var paths = Files.list(directory())) {
      for (var path : paths.filter(p -> !p.toString().endsWith("-shm")).toList()) {
        Files.copy(path, copy.resolve(path.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    check.check(copy);
  }

  private static void flip(Path file, String marker) throws IOException {
    var bytes = Files.readAllBytes(file);
    bytes[indexOf(bytes, marker)] ^= 1;
    Files.write(file, bytes);
  }

  private static void truncate(Path file, long size) throws IOException {
    try (var channel = java.nio.channels.FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  private static int indexOf(byte[] bytes, String marker) {
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(marker);
    assertThat(at).isPositive();
    return at;
  }
}
