package io.mosaicdb.coordinator.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.task.TaskBody;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TasksTest {
  private final Tasks tasks = new Tasks();

  @Test
  void reachesItsResult() {
    var task = tasks.start("index", 3, "documents", () -> "done");
    tasks.close();

    assertThat(task.state()).isEqualTo("enqueued");
    assertThat(tasks.require(task.id()))
        .isEqualTo(
            new TaskBody(
                task.id(),
                "index",
                "succeeded",
                new TaskBody.ProgressBody(3, 3, "documents"),
                "done",
                null));
  }

  @Test
  void keepsTheProblemOfWorkThatFails() {
    var task =
        tasks.start(
            "index",
            1,
            "documents",
            () -> {
              throw new MosaicException(ErrorCode.EMBEDDER_UNAVAILABLE, "no model");
            });
    tasks.close();

    var ended = tasks.require(task.id());
    assertThat(ended.state()).isEqualTo("failed");
    assertThat(ended.error()).isNotNull();
    assertThat(ended.error().code()).isEqualTo("embedder_unavailable");
    assertThat(ended.error().detail()).isEqualTo("no model");
  }

  @Test
  void refusesMoreThanItsBoundOfUnfinishedTasks() throws InterruptedException {
    var release = new CountDownLatch(1);
    for (int i = 0; i < Tasks.UNFINISHED; i++) {
      tasks.start("index", 1, "documents", () -> release.await(20, TimeUnit.SECONDS));
    }

    assertThatThrownBy(() -> tasks.start("index", 1, "documents", () -> "late"))
        .isInstanceOfSatisfying(
            MosaicException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
    release.countDown();
    tasks.close();
  }

  @Test
  void knowsNothingOfOthers() {
    assertThatThrownBy(() -> tasks.require("nope")).hasMessageContaining("nope");
    tasks.close();
  }
}
