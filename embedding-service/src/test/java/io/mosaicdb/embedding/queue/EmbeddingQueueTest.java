package io.mosaicdb.embedding.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.contract.embedding.EmbeddingVector;
import io.mosaicdb.contract.embedding.TextKind;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.embedding.backend.RecordingBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EmbeddingQueueTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @Test
  void makesTwoCallsOfSixtyFourTexts() throws Exception {
    var backend = new RecordingBackend(32);
    try (var queue = queue(backend, 2, 0, LONG, 100)) {
      var waiting = texts("t", 64);

      queue.submit(TextKind.PASSAGE, waiting);

      for (int i = 0; i < 64; i++) {
        assertThat(answer(waiting.get(i))).isEqualTo(EmbeddingVector.of(("t" + i).hashCode(), 1));
      }
      assertThat(backend.calls()).hasSize(2).allSatisfy(call -> assertThat(call).hasSize(32));
    }
  }

  @Test
  void sendsALoneTextAfterTheBatchTimeout() throws Exception {
    var backend = new RecordingBackend(32);
    try (var queue = queue(backend, 1, 0, Duration.ofMillis(20), 100)) {
      var waiting = texts("lone", 1);
      long start = System.nanoTime();

      queue.submit(TextKind.PASSAGE, waiting);
      answer(waiting.getFirst());

      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThanOrEqualTo(Duration.ofMillis(20));
      assertThat(backend.calls()).containsExactly(List.of("lone0"));
    }
  }

  @Test
  void gathersTextsOfSeveralRequests() throws Exception {
    var backend = new RecordingBackend(4);
    try (var queue = queue(backend, 1, 0, LONG, 100)) {
      var first = texts("a", 2);
      var second = texts("b", 2);

      queue.submit(TextKind.PASSAGE, first);
      queue.submit(TextKind.PASSAGE, second);

      answer(second.getLast());
      assertThat(backend.calls()).containsExactly(List.of("a0", "a1", "b0", "b1"));
    }
  }

  @Test
  void letsAQueryPassWaitingPassages() throws Exception {
    var backend = new RecordingBackend(1);
    CountDownLatch held = backend.hold();
    try (var queue = queue(backend, 1, 0, Duration.ZERO, 100)) {
      var passages = texts("p", 3);
      var query = texts("q", 1);
      queue.submit(TextKind.PASSAGE, passages);
      awaitCalls(backend, 1);

      queue.submit(TextKind.QUERY, query);
      held.countDown();
      answer(passages.getLast());

      assertThat(backend.calls())
          .containsExactly(List.of("p0"), List.of("q0"), List.of("p1"), List.of("p2"));
    }
  }

  @Test
  void keepsAWorkerForQueries() throws Exception {
    var backend = new RecordingBackend(1);
    var held = new CountDownLatch(1);
    backend.before(texts -> {
      if (texts.getFirst().startsWith("p")) {
        try {
          held.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    });
    try (var queue = queue(backend, 1, 1, Duration.ZERO, 100)) {
      var passages = texts("p", 3);
      queue.submit(TextKind.PASSAGE, passages);
      awaitCalls(backend, 1);

      var query = texts("q", 1);
      queue.submit(TextKind.QUERY, query);

      assertThat(answer(query.getFirst())).isNotNull();
      assertThat(passages.getFirst().vector()).isNotDone();
      held.countDown();
    }
  }

  @Test
  void doesNotStarvePassages() throws Exception {
    var backend = new RecordingBackend(1);
    CountDownLatch held = backend.hold();
    try (var queue = queue(backend, 1, 0, Duration.ZERO, 1_000)) {
      queue.submit(TextKind.QUERY, texts("first", 1));
      awaitCalls(backend, 1);
      var queries = texts("q", 100);
      queue.submit(TextKind.QUERY, queries);
      queue.submit(TextKind.PASSAGE, texts("p", 1));

      held.countDown();
      answer(queries.getLast());

      assertThat(backend.calls().indexOf(List.of("p0"))).isBetween(1, 17);
    }
  }

  @Test
  void refusesWhatItHasNoRoomForAndTakesNothingOfIt() throws Exception {
    var backend = new RecordingBackend(1);
    CountDownLatch held = backend.hold();
    try (var queue = queue(backend, 1, 0, Duration.ZERO, 4)) {
      queue.submit(TextKind.PASSAGE, texts("first", 1));
      awaitCalls(backend, 1);
      queue.submit(TextKind.PASSAGE, texts("p", 3));

      assertThatThrownBy(() -> queue.submit(TextKind.PASSAGE, texts("more", 2)))
          .isInstanceOfSatisfying(
              MosaicException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED);
                assertThat(e.retryAfter()).isPresent();
              })
          .hasMessage("3 texts wait to be embedded, 2 more exceed the queue's capacity of 4");
      assertThat(queue.depth(TextKind.PASSAGE)).isEqualTo(3);
      var query = texts("q", 1);
      queue.submit(TextKind.QUERY, query);
      held.countDown();
      assertThat(answer(query.getFirst())).isNotNull();
    }
  }

  @Test
  void takesARequestOfAnySizeWhenNothingWaits() throws Exception {
    try (var queue = queue(new RecordingBackend(1), 1, 0, Duration.ZERO, 4)) {
      var waiting = texts("t", 50);

      queue.submit(TextKind.PASSAGE, waiting);

      assertThat(answer(waiting.getLast())).isNotNull();
    }
  }

  @Test
  void failsOnlyTheTextThatTheModelRefuses() throws Exception {
    var backend = new RecordingBackend(3);
    try (var queue = queue(backend, 1, 0, LONG, 100)) {
      var good = texts("good", 2);
      var bad = waiting(RecordingBackend.REFUSED, System.nanoTime() + LONG.toNanos());

      queue.submit(TextKind.PASSAGE, List.of(good.get(0), bad, good.get(1)));

      assertThat(answer(good.get(0))).isNotNull();
      assertThat(answer(good.get(1))).isNotNull();
      assertThatThrownBy(() -> answer(bad)).hasRootCauseMessage("refused");
    }
  }

  @Test
  void doesNotComputeWhatNobodyWaitsForAnyMore() {
    var backend = new RecordingBackend(1);
    try (var queue = queue(backend, 1, 0, Duration.ZERO, 100)) {
      var late = waiting("late", System.nanoTime() - 1);

      queue.submit(TextKind.QUERY, List.of(late));

      assertThatThrownBy(() -> answer(late))
          .cause()
          .isInstanceOfSatisfying(
              MosaicException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
      assertThat(backend.calls()).isEmpty();
    }
  }

  @Test
  void survivesABrokenModel() throws Exception {
    var backend = new RecordingBackend(1);
    backend.before(texts -> {
      throw new IllegalStateException("broken");
    });
    try (var queue = queue(backend, 1, 0, Duration.ZERO, 100)) {
      var failing = texts("t", 1);
      queue.submit(TextKind.QUERY, failing);
      assertThatThrownBy(() -> answer(failing.getFirst())).hasRootCauseMessage("broken");

      backend.before(texts -> {});
      var next = texts("t", 1);
      queue.submit(TextKind.QUERY, next);
      assertThat(answer(next.getFirst())).isNotNull();
    }
  }

  @Test
  void failsWhatWaitsWhenItCloses() throws Exception {
    var backend = new RecordingBackend(1);
    CountDownLatch held = backend.hold();
    var queue = queue(backend, 1, 0, Duration.ZERO, 100);
    var running = texts("running", 1);
    queue.submit(TextKind.PASSAGE, running);
    awaitCalls(backend, 1);
    var waiting = texts("waiting", 1);
    queue.submit(TextKind.PASSAGE, waiting);

    var closing = Thread.ofVirtual().start(queue::close);
    assertThatThrownBy(() -> answer(waiting.getFirst()))
        .hasRootCauseMessage("the embedding service is stopping");
    held.countDown();
    closing.join();

    assertThat(answer(running.getFirst())).isNotNull();
    assertThatThrownBy(() -> queue.submit(TextKind.QUERY, texts("q", 1)))
        .hasMessage("the embedding service is stopping");
  }

  private static EmbeddingQueue queue(
      RecordingBackend backend,
      int workers,
      int queryWorkers,
      Duration batchTimeout,
      int capacity) {
    return new EmbeddingQueue(
        backend,
        new QueueSettings(workers, queryWorkers, batchTimeout, capacity),
        Thread.ofVirtual().factory());
  }

  private static List<WaitingText> texts(String prefix, int count) {
    return new ArrayList<>(
        IntStream.range(0, count)
            .mapToObj(i -> waiting(prefix + i, System.nanoTime() + LONG.toNanos()))
            .toList());
  }

  private static WaitingText waiting(String text, long deadline) {
    return new WaitingText(text, new CompletableFuture<>(), deadline);
  }

  private static EmbeddingVector answer(WaitingText text) throws Exception {
    return text.vector().get(20, TimeUnit.SECONDS);
  }

  private static void awaitCalls(RecordingBackend backend, int calls) {
    while (backend.calls().size() < calls) {
      Thread.onSpinWait();
    }
  }
}
