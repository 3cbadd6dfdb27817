package io.mosaicdb.coordinator.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.task.TaskBody;
import io.mosaicdb.starter.json.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class TasksTest {
  @TempDir Path folder;
  private final List<Tasks> opened = new ArrayList<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final CountDownLatch gate = new CountDownLatch(1);

  /** A permit for each piece of work that stands at the gate; that it started is on disk then. */
  private final Semaphore begun = new Semaphore(0);

  private final List<String> copied = new CopyOnWriteArrayList<>();

  /** Copies its input once the gate is open. */
  private final TaskKind copy =
      new TaskKind() {
        @Override
        public String name() {
          return "copy";
        }

        @Override
        public TaskWork work(byte[] input) {
          return run -> {
            begun.release();
            gate.await();
            copied.add(new String(input, StandardCharsets.UTF_8));
            return Map.of("resumed", run.resumed());
          };
        }
      };

  private Tasks open(TaskProperties limits) {
    InstantSource source = now::get;
    var tasks =
        new Tasks(
            limits,
            () -> List.of(copy),
            StrictJson.mapper(),
            new TaskMetrics(meters),
            source.withZone(ZoneOffset.UTC));
    tasks.resume();
    opened.add(tasks);
    return tasks;
  }

  private Tasks open() {
    return open(limits(folder, 1000, DataSize.ofMegabytes(1), 10_000));
  }

  private static TaskProperties limits(Path folder, int unfinished, DataSize size, int kept) {
    return new TaskProperties(
        folder,
        2,
        unfinished,
        size,
        2,
        kept,
        Duration.ofDays(1),
        DataSize.ofMegabytes(1),
        Duration.ofMillis(50));
  }

  @AfterEach
  void close() {
    gate.countDown();
    opened.forEach(Tasks::close);
  }

  private static void until(BooleanSupplier condition) {
    long limit = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > limit) {
        throw new AssertionError("the condition did not come true");
      }
      Thread.onSpinWait();
    }
  }

  private static TaskBody await(Tasks tasks, TaskBody task, String state) {
    until(() -> tasks.require(task.id()).state().equals(state));
    return tasks.require(task.id());
  }

  /** The files of a process that died at this moment. */
  private Path filesOfADeadProcess() throws IOException {
    var copy = Files.createDirectories(folder.resolve("dead-" + System.nanoTime()));
    try (var files = Files.list(folder)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        if (!file.toString().endsWith(".lock") && !file.toString().endsWith("-shm")) {
          Files.copy(file, copy.resolve(file.getFileName()));
        }
      }
    }
    return copy;
  }

  @Test
  void reachesItsResult() {
    var tasks = open();

    var started =
        tasks.start(
            "count",
            3,
            "documents",
            run -> {
              run.done(2);
              return Map.of("counted", 3);
            });

    assertThat(started.state()).isEqualTo("enqueued");
    var ended = await(tasks, started, "succeeded");
    assertThat(ended.progress()).isEqualTo(new TaskBody.ProgressBody(3, 3, "documents"));
    assertThat(ended.result()).hasToString("{\"counted\":3}");
    assertThat(ended.error()).isNull();
    assertThat(ended.createdAt()).isEqualTo(now.get());
    assertThat(ended.finishedAt()).isEqualTo(now.get());
    assertThat(meters.counter("mosaic.tasks.finished", "kind", "count", "state", "succeeded"))
        .extracting(counter -> counter.count())
        .isEqualTo(1.0);
  }

  @Test
  void showsHowFarItIs() {
    var tasks = open();
    var task =
        tasks.start(
            "count",
            0,
            "shards",
            run -> {
              run.total(8);
              run.done(5);
              gate.await();
              return null;
            });

    until(() -> tasks.require(task.id()).progress().done() == 5);
    assertThat(tasks.require(task.id()).progress().total()).isEqualTo(8);
    assertThat(tasks.require(task.id()).state()).isEqualTo("running");
  }

  @Test
  void keepsTheProblemOfWorkThatFails() {
    var tasks = open();

    var task =
        tasks.start(
            "count",
            1,
            "documents",
            _ -> {
              throw new MosaicException(ErrorCode.EMBEDDER_UNAVAILABLE, "no model");
            });

    var error = await(tasks, task, "failed").error();
    assertThat(error).isNotNull();
    assertThat(error.code()).isEqualTo("embedder_unavailable");
    assertThat(error.detail()).isEqualTo("no model");
  }

  @Test
  void stopsAtTheNextSafePointWhenItIsCanceled() throws Exception {
    var tasks = open();
    var between = new CountDownLatch(1);
    var task =
        tasks.start(
            "count",
            2,
            "documents",
            run -> {
              run.done(1);
              between.await();
              run.stopIfCanceled();
              return "whole";
            });
    until(() -> tasks.require(task.id()).progress().done() == 1);

    var asked = tasks.cancel(task.id());
    between.countDown();

    assertThat(asked.state()).isEqualTo("running");
    assertThat(asked.cancelRequested()).isTrue();
    var ended = await(tasks, task, "canceled");
    assertThat(ended.result()).isNull();
    assertThat(ended.progress().done()).isEqualTo(1);
    assertThatThrownBy(() -> tasks.cancel(task.id()))
        .isInstanceOfSatisfying(
            MosaicException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TASK_FINISHED));
  }

  @Test
  void neverStartsWhatWasCanceledWhileItWaited() {
    var tasks = open();
    var one = tasks.start(copy, bytes("one"), 1, "documents");
    var two = tasks.start(copy, bytes("two"), 1, "documents");
    await(tasks, one, "running");
    await(tasks, two, "running");
    var three = tasks.start(copy, bytes("three"), 1, "documents");

    assertThat(tasks.cancel(three.id()).state()).isEqualTo("canceled");
    gate.countDown();

    await(tasks, one, "succeeded");
    await(tasks, two, "succeeded");
    assertThat(copied).containsExactlyInAnyOrder("one", "two");
  }

  @Test
  void runsAFewOfEachKindAtATime() {
    var tasks = open();
    for (int i = 0; i < 5; i++) {
      var _ = tasks.start(copy, bytes("x"), 1, "documents");
    }
    var other = tasks.start("count", 1, "documents", _ -> "not held up");

    await(tasks, other, "succeeded");
    until(() -> tasks.list(TaskState.RUNNING, "copy", 10).tasks().size() == 2);
    assertThat(tasks.list(TaskState.ENQUEUED, "copy", 10).tasks()).hasSize(3);
  }

  @Test
  void listsTheNewestFirst() {
    var tasks = open();
    var one = await(tasks, tasks.start("count", 1, "documents", _ -> 1), "succeeded");
    var two = await(tasks, tasks.start("other", 1, "documents", _ -> 2), "succeeded");

    assertThat(tasks.list(null, null, 10).tasks()).containsExactly(two, one);
    assertThat(tasks.list(null, null, 1).tasks()).containsExactly(two);
    assertThat(tasks.list(null, "count", 10).tasks()).containsExactly(one);
    assertThat(tasks.list(TaskState.FAILED, null, 10).tasks()).isEmpty();
  }

  @Test
  void runsWorkWithAnInputAgainWhenTheProcessDied() throws IOException {
    var before = open();
    var running = before.start(copy, bytes("one"), 1, "documents");
    var second = before.start(copy, bytes("two"), 1, "documents");
    begun.acquireUninterruptibly(2);
    var waiting = before.start(copy, bytes("three"), 1, "documents");

    var after = open(TaskProperties.in(filesOfADeadProcess()));
    gate.countDown();

    assertThat(await(after, running, "succeeded").result()).hasToString("{\"resumed\":true}");
    assertThat(await(after, waiting, "succeeded").result()).hasToString("{\"resumed\":false}");
    await(after, second, "succeeded");
  }

  @Test
  void failsWorkWithoutAnInputWhenTheProcessDied() throws IOException {
    var before = open();
    var task =
        before.start(
            "count",
            1,
            "documents",
            _ -> {
              begun.release();
              gate.await();
              return "late";
            });
    begun.acquireUninterruptibly();

    var after = open(TaskProperties.in(filesOfADeadProcess()));

    var ended = after.require(task.id());
    assertThat(ended.state()).isEqualTo("failed");
    assertThat(ended.error()).isNotNull();
    assertThat(ended.error().detail()).contains("process ended while the task was running");
  }

  @Test
  void doesNotStartForEverWhatTheProcessDiesOf() throws IOException {
    var first = open();
    var task = first.start(copy, bytes("deadly"), 1, "documents");
    begun.acquireUninterruptibly();
    var limits = limits(filesOfADeadProcess(), 10, DataSize.ofMegabytes(1), 10);
    try (var _ = open(limits)) {
      begun.acquireUninterruptibly();
    }

    var third = open(limits);

    var ended = third.require(task.id());
    assertThat(ended.state()).isEqualTo("failed");
    assertThat(ended.error()).isNotNull();
    assertThat(ended.error().detail()).contains("started 2 times");
  }

  @Test
  void leavesWhatCanBeResumedForTheNextStart() {
    var before = open();
    var resumable = before.start(copy, bytes("one"), 1, "documents");
    var other =
        before.start(
            "count",
            1,
            "documents",
            _ -> {
              gate.await();
              return "late";
            });
    await(before, resumable, "running");
    await(before, other, "running");
    before.close();

    gate.countDown();
    var after = open();

    await(after, resumable, "succeeded");
    assertThat(copied).containsExactly("one");
    var ended = after.require(other.id());
    assertThat(ended.state()).isEqualTo("failed");
    assertThat(ended.error()).isNotNull();
    assertThat(ended.error().detail()).contains("was stopped");
  }

  @Test
  void refusesMoreThanItsBoundOfUnfinishedTasks() {
    var tasks = open(limits(folder, 2, DataSize.ofMegabytes(1), 10));
    var _ = tasks.start(copy, bytes("one"), 1, "documents");
    var _ = tasks.start(copy, bytes("two"), 1, "documents");

    assertThatThrownBy(() -> tasks.start(copy, bytes("three"), 1, "documents"))
        .isInstanceOfSatisfying(
            MosaicException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED))
        .hasMessageContaining("2 tasks");
  }

  @Test
  void refusesInputsThatAreTooLargeTogether() {
    var tasks = open(limits(folder, 10, DataSize.ofBytes(100), 10));
    var one = tasks.start(copy, new byte[60], 1, "documents");

    assertThatThrownBy(() -> tasks.start(copy, new byte[60], 1, "documents"))
        .isInstanceOfSatisfying(
            MosaicException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED))
        .hasMessageContaining("100");
    gate.countDown();
    await(tasks, one, "succeeded");
    until(() -> meters.get("mosaic.tasks.unfinished").gauge().value() == 0);
    await(tasks, tasks.start(copy, new byte[60], 1, "documents"), "succeeded");
  }

  @Test
  void forgetsFinishedTasksBeyondItsBounds() {
    var limits = limits(folder, 10, DataSize.ofMegabytes(1), 2);
    var ids = new ArrayList<TaskBody>();
    try (var tasks = open(limits)) {
      for (int i = 0; i < 4; i++) {
        ids.add(await(tasks, tasks.start("count", 1, "documents", _ -> "done"), "succeeded"));
        now.set(now.get().plusSeconds(1));
      }
    }

    try (var tasks = open(limits)) {
      assertThat(tasks.list(null, null, 10).tasks()).containsExactly(ids.get(3), ids.get(2));
    }
    now.set(now.get().plus(Duration.ofDays(2)));
    var tasks = open(limits);
    assertThat(tasks.list(null, null, 10).tasks()).containsExactly(ids.get(3));
    assertThatThrownBy(() -> tasks.require(ids.getFirst().id()))
        .isInstanceOfSatisfying(
            MosaicException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }

  @Test
  void takesNoTasksWhileItStops() {
    var tasks =
        new Tasks(
            TaskProperties.in(folder),
            List::of,
            StrictJson.mapper(),
            new TaskMetrics(meters),
            Clock.systemUTC());
    tasks.drain();

    assertThatThrownBy(() -> tasks.start("count", 1, "documents", _ -> 1))
        .hasMessageContaining("shutting down");
    tasks.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
