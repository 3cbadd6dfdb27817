package io.mosaicdb.coordinator.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.task.TaskBody;
import io.mosaicdb.contract.task.TaskBody.TaskList;
import io.mosaicdb.contract.task.TaskSourceApi;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OtherTasksTest {
  private final Runs source = new Runs();
  private final OtherTasks others = new OtherTasks("ranks", "pagerank", () -> true, source);

  /** The tasks of another service, in memory. */
  private static final class Runs implements TaskSourceApi {
    private final List<TaskBody> tasks = new ArrayList<>();
    private @Nullable MosaicException failure;

    @Override
    public TaskList tasks(@Nullable String state, int limit) {
      if (failure != null) {
        throw failure;
      }
      return TaskList.of(
          tasks.stream()
              .filter(task -> state == null || task.state().equals(state))
              .limit(limit)
              .toList());
    }

    @Override
    public TaskBody task(String id) {
      if (failure != null) {
        throw failure;
      }
      return tasks.stream()
          .filter(task -> task.id().equals(id))
          .findFirst()
          .orElseThrow(() -> new MosaicException(ErrorCode.NOT_FOUND, "no run " + id));
    }

    @Override
    public TaskBody cancel(String id) {
      return task(id);
    }
  }

  private static TaskBody task(String id, String kind, String state, int second) {
    return new TaskBody(
        id,
        kind,
        state,
        new TaskBody.ProgressBody(1, 2, "documents"),
        false,
        null,
        null,
        Instant.ofEpochSecond(second),
        null,
        null);
  }

  private static List<String> ids(TaskList list) {
    return list.tasks().stream().map(TaskBody::id).toList();
  }

  @Test
  void theTasksOfBothComeInOneOrder() {
    var own =
        TaskList.of(
            List.of(task("own-3", "index", "running", 3), task("own-1", "index", "succeeded", 1)));
    source.tasks.add(task("run-4", "pagerank", "running", 4));
    source.tasks.add(task("run-2", "pagerank", "succeeded", 2));

    assertThat(ids(others.merge(own, null, null, 10)))
        .containsExactly("run-4", "own-3", "run-2", "own-1");
    assertThat(ids(others.merge(own, null, null, 2))).containsExactly("run-4", "own-3");
    assertThat(ids(others.merge(TaskList.of(List.of()), TaskState.SUCCEEDED, "pagerank", 10)))
        .containsExactly("run-2");
    assertThat(ids(others.merge(own, null, "index", 10))).containsExactly("own-3", "own-1");
    assertThat(others.find("run-2")).hasValue(source.tasks.getLast());
    assertThat(others.cancel("run-4")).hasValue(source.tasks.getFirst());
    assertThat(others.find("own-1")).isEmpty();
  }

  @Test
  void aServiceThatDoesNotAnswerIsNamed() {
    var own = TaskList.of(List.of(task("own", "index", "running", 1)));
    source.failure = new MosaicException(ErrorCode.SERVICE_UNAVAILABLE, "it is away");

    var list = others.merge(own, null, null, 10);

    assertThat(ids(list)).containsExactly("own");
    assertThat(list.missing()).containsExactly("ranks: it is away");
    assertThat(others.merge(own, null, "index", 10).missing()).isNull();
    assertThatThrownBy(() -> others.find("run")).hasMessageContaining("it is away");
  }

  @Test
  void whereThereIsNoSuchServiceThereAreNone() {
    var without = new OtherTasks("ranks", "pagerank", () -> false, source);
    source.tasks.add(task("run", "pagerank", "running", 1));

    assertThat(without.merge(TaskList.of(List.of()), null, null, 10).tasks()).isEmpty();
    assertThat(without.find("run")).isEmpty();
  }
}
