package io.mosaicdb.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.storage.hash.ContentHash;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every {@link CommitLog} promises. An implementation's test extends this. */
abstract class AbstractCommitLogTest {
  /** Opens an empty log, or the same log again after it was closed, at the given position. */
  protected abstract CommitLog open(LogPosition applied, CommitApplier applier);

  /** Opens as {@link #open} with room for {@code entries} waiting appends. */
  protected abstract CommitLog openWithQueue(int entries, CommitApplier applier);

  @Test
  void numbersCommitsDenselyFromOne() {
    try (var log = open(LogPosition.START, entries -> {})) {
      for (int i = 1; i <= 20; i++) {
        var commit = log.append(Append.of(bytes("payload " + i))).visible().join();

        assertThat(commit.commitSeq()).isEqualTo(i);
        assertThat(commit.epoch()).isEqualTo(1);
        assertThat(commit.duplicate()).isFalse();
        assertThat(commit.commitId()).isEqualTo(ContentHash.base32OfBytes(bytes("payload " + i)));
      }
      assertThat(log.readPoint()).isEqualTo(new LogPosition(1, 20));
      assertThat(log.applied()).isEqualTo(new LogPosition(1, 20));
    }
  }

  @Test
  void appliesBeforeItSaysVisible() {
    var applied = new ArrayList<Long>();
    try (var log = open(LogPosition.START, entries -> entries.forEach(e -> applied.add(e.seq())))) {
      for (int i = 1; i <= 50; i++) {
        long seq = log.append(Append.of(bytes("p" + i))).visible().join().commitSeq();

        assertThat(applied.getLast()).isEqualTo(seq);
      }
    }
    assertThat(applied).isEqualTo(LongStream.rangeClosed(1, 50).boxed().toList());
  }

  @Test
  void keepsTheOrderOfOneCaller() {
    var applied = new ArrayList<String>();
    try (var log = open(LogPosition.START, entries -> entries.forEach(e -> applied.add(text(e))))) {
      var futures = new ArrayList<CompletableFuture<Commit>>();
      for (int i = 0; i < 500; i++) {
        futures.add(log.append(Append.of(bytes("p" + i))).visible());
      }
      futures.forEach(CompletableFuture::join);
    }
    assertThat(applied).isEqualTo(IntStream.range(0, 500).mapToObj(i -> "p" + i).toList());
  }

  @Test
  void givesConcurrentWritersDistinctDenseNumbers() throws Exception {
    var bySeq = new ConcurrentHashMap<Long, String>();
    var applied = new HashMap<Long, String>();
    try (var log =
            open(
                LogPosition.START, entries -> entries.forEach(e -> applied.put(e.seq(), text(e))));
        var writers = Executors.newFixedThreadPool(10)) {
      var start = new CountDownLatch(1);
      for (int w = 0; w < 10; w++) {
        int writer = w;
        var _ =
            writers.submit(() -> {
              start.await();
              for (int i = 0; i < 100; i++) {
                var payload = writer + "/" + i;
                var commit = log.append(Append.of(bytes(payload))).visible().join();
                bySeq.put(commit.commitSeq(), payload);
              }
              return null;
            });
      }
      start.countDown();
      writers.shutdown();
      assertThat(writers.awaitTermination(60, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    }
    assertThat(bySeq).hasSize(1000).isEqualTo(applied);
    assertThat(bySeq.keySet())
        .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 1000).boxed().toList());
  }

  @Test
  void answersARepeatedOperationWithTheFirstCommit() {
    var applied = new ArrayList<Long>();
    try (var log = open(LogPosition.START, entries -> entries.forEach(e -> applied.add(e.seq())))) {
      var first = log.append(Append.of(bytes("a"), "op-1")).visible().join();
      var other = log.append(Append.of(bytes("b"), "op-2")).visible().join();
      var again = log.append(Append.of(bytes("a"), "op-1")).visible().join();

      assertThat(again.position()).isEqualTo(first.position());
      assertThat(again.commitId()).isEqualTo(first.commitId());
      assertThat(again.duplicate()).isTrue();
      assertThat(other.commitSeq()).isEqualTo(2);
    }
    assertThat(applied).containsExactly(1L, 2L);
  }

  @Test
  void remembersOperationsAfterReopening() {
    try (var log = open(LogPosition.START, entries -> {})) {
      log.append(Append.of(bytes("a"), "op-1")).visible().join();
    }

    try (var log = open(LogPosition.START, entries -> {})) {
      assertThat(log.append(Append.of(bytes("a"), "op-1")).visible().join().duplicate()).isTrue();
      assertThat(log.append(Append.of(bytes("n"), "op-n")).visible().join().commitSeq())
          .isEqualTo(2);
    }
  }

  @Test
  void refusesAnOperationIdWithAnotherPayload() {
    try (var log = open(LogPosition.START, entries -> {})) {
      log.append(Append.of(bytes("a"), "op-1")).visible().join();

      assertThat(failure(log.append(Append.of(bytes("b"), "op-1"))))
          .isInstanceOf(OperationConflictException.class)
          .hasMessageContaining("op-1")
          .hasMessageContaining("commit 1");
      assertThat(log.append(Append.of(bytes("c"))).visible().join().commitSeq()).isEqualTo(2);
    }
  }

  @Test
  void commitsEqualPayloadsSeparatelyUnlessAskedNotTo() {
    try (var log = open(LogPosition.START, entries -> {})) {
      var plain = log.append(Append.of(bytes("same"))).visible().join();
      var plainAgain = log.append(Append.of(bytes("same"))).visible().join();
      var once = log.append(Append.onceByContent(bytes("same"))).visible().join();
      var onceAgain = log.append(Append.onceByContent(bytes("same"))).visible().join();

      assertThat(List.of(plain.commitSeq(), plainAgain.commitSeq(), once.commitSeq()))
          .containsExactly(1L, 2L, 3L);
      assertThat(onceAgain.commitSeq()).isEqualTo(3);
      assertThat(onceAgain.duplicate()).isTrue();
      assertThat(plain.commitId()).isEqualTo(plainAgain.commitId());
    }
  }

  @Test
  void replaysWhatComesAfterThePosition() {
    try (var log = open(LogPosition.START, entries -> {})) {
      for (int i = 1; i <= 10; i++) {
        log.append(Append.of(bytes("p" + i), i % 2 == 0 ? "op" + i : null)).visible().join();
      }
    }

    var replayed = new ArrayList<LogEntry>();
    try (var log = open(new LogPosition(1, 7), replayed::addAll)) {
      assertThat(log.applied().seq()).isEqualTo(10);
    }
    assertThat(replayed).extracting(LogEntry::seq).containsExactly(8L, 9L, 10L);
    assertThat(replayed).extracting(AbstractCommitLogTest::text).containsExactly("p8", "p9", "p10");
    assertThat(replayed).extracting(LogEntry::operationId).containsExactly("op8", null, "op10");
  }

  @Test
  void goesOnCountingAfterReopening() {
    try (var log = open(LogPosition.START, entries -> {})) {
      log.append(Append.of(bytes("a"))).visible().join();
    }
    try (var log = open(LogPosition.START, entries -> {})) {
      assertThat(log.append(Append.of(bytes("b"))).visible().join().position())
          .isEqualTo(new LogPosition(1, 2));
    }
  }

  @Test
  void beginsANewEpochWhenItEndsBeforeWhatWasApplied() {
    try (var log = open(new LogPosition(4, 500), entries -> {})) {
      assertThat(log.append(Append.of(bytes("a"))).visible().join().position())
          .isEqualTo(new LogPosition(5, 501));
    }
    try (var log = open(new LogPosition(4, 500), entries -> {})) {
      assertThat(log.readPoint()).isEqualTo(new LogPosition(5, 501));
    }
  }

  @Test
  void letsReadersWaitForACommit() {
    try (var log = open(LogPosition.START, entries -> {})) {
      var later = log.awaitApplied(2, Duration.ofSeconds(30));
      log.append(Append.of(bytes("a"))).visible().join();
      assertThat(later).isNotDone();
      log.append(Append.of(bytes("b"))).visible().join();

      later.join();
      assertThat(log.awaitApplied(1, Duration.ZERO)).isCompleted();
      assertThatThrownBy(() -> log.awaitApplied(3, Duration.ofMillis(10)).join())
          .hasCauseInstanceOf(NotAppliedInTimeException.class)
          .hasMessageContaining("commit 3")
          .hasMessageContaining("newest visible commit is 2");
    }
  }

  @Test
  void tailsFromAnyPosition() {
    try (var log = open(LogPosition.START, entries -> {})) {
      for (int i = 1; i <= 5; i++) {
        log.append(Append.of(bytes("p" + i))).visible().join();
      }
      try (var cursor = available(log.tail(2))) {
        assertThat(cursor.next(2)).extracting(LogEntry::seq).containsExactly(3L, 4L);
        assertThat(cursor.position()).isEqualTo(4);
        assertThat(cursor.next(10)).extracting(AbstractCommitLogTest::text).containsExactly("p5");
        assertThat(cursor.next(10)).isEmpty();

        log.append(Append.of(bytes("p6"))).visible().join();
        assertThat(cursor.next(10)).extracting(LogEntry::seq).containsExactly(6L);
      }
      assertThat(log.tail(7)).isEqualTo(new Tail.Ahead(new LogPosition(1, 6)));
    }
  }

  @Test
  void refusesAtOnceWhenTooMuchIsWaiting() throws Exception {
    var entered = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    CommitApplier slow =
        entries -> {
          entered.countDown();
          awaitUninterruptibly(release);
        };
    try (var log = openWithQueue(3, slow)) {
      var accepted = new ArrayList<Appended>();
      accepted.add(log.append(Append.of(bytes("first"))));
      entered.await();
      for (int i = 0; i < 3; i++) {
        accepted.add(log.append(Append.of(bytes("queued " + i))));
      }

      var refused = log.append(Append.of(bytes("too much")));

      assertThat(refused.durable()).isCompletedExceptionally();
      assertThat(failure(refused))
          .isInstanceOf(LogOverloadedException.class)
          .hasMessageContaining("3 of 3 entries");
      release.countDown();
      accepted.forEach(appended -> appended.visible().join());
      assertThat(log.append(Append.of(bytes("later"))).visible().join().commitSeq()).isEqualTo(5);
    }
  }

  @Test
  void isDurableBeforeItIsVisible() throws Exception {
    var entered = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    CommitApplier slow =
        entries -> {
          entered.countDown();
          awaitUninterruptibly(release);
        };
    try (var log = open(LogPosition.START, slow)) {
      var appended = log.append(Append.of(bytes("a")));
      entered.await();

      assertThat(appended.durable().join().commitSeq()).isEqualTo(1);
      assertThat(appended.visible()).isNotDone();
      assertThat(log.readPoint().seq()).isEqualTo(1);
      assertThat(log.applied().seq()).isZero();
      release.countDown();
      appended.visible().join();
    }
  }

  @Test
  void stopsWhenTheApplierFailsAndReplaysAfterReopening() {
    CommitApplier failing =
        entries -> {
          if (entries.getLast().seq() == 2) {
            throw new IllegalStateException("no memory left");
          }
        };
    try (var log = open(LogPosition.START, failing)) {
      log.append(Append.of(bytes("a"))).visible().join();
      var second = log.append(Append.of(bytes("b")));

      assertThat(failure(second))
          .isInstanceOf(LogFailedException.class)
          .hasMessageContaining("no memory left");
      assertThat(second.durable().join().commitSeq()).isEqualTo(2);
      assertThat(failure(log.append(Append.of(bytes("c"))))).isInstanceOf(LogFailedException.class);
      assertThat(log.status().failure()).contains("no memory left");
    }

    Map<Long, String> replayed = new HashMap<>();
    try (var log =
        open(LogPosition.START, entries -> entries.forEach(e -> replayed.put(e.seq(), text(e))))) {
      assertThat(log.append(Append.of(bytes("c"))).visible().join().commitSeq()).isEqualTo(3);
    }
    assertThat(replayed).isEqualTo(Map.of(1L, "a", 2L, "b", 3L, "c"));
  }

  @Test
  void writesWhatWasAcceptedBeforeItCloses() {
    var futures = new ArrayList<CompletableFuture<Commit>>();
    var log = open(LogPosition.START, entries -> {});
    for (int i = 0; i < 200; i++) {
      futures.add(log.append(Append.of(bytes("p" + i))).durable());
    }
    log.close();

    assertThat(futures).allSatisfy(future -> assertThat(future).isCompleted());
    assertThat(failure(log.append(Append.of(bytes("late")))))
        .isInstanceOf(LogFailedException.class);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(LogEntry entry) {
    return new String(entry.payload(), StandardCharsets.UTF_8);
  }

  static LogCursor available(Tail tail) {
    assertThat(tail).isInstanceOf(Tail.Available.class);
    return ((Tail.Available) tail).cursor();
  }

  static Throwable failure(Appended appended) {
    try {
      appended.visible().join();
    } catch (CompletionException e) {
      return java.util.Objects.requireNonNull(e.getCause());
    }
    throw new AssertionError("expected the append to fail");
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
