package io.mosaicdb.pagerank.run;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.task.TaskBody;
import io.mosaicdb.contract.task.TaskBody.TaskList;
import io.mosaicdb.contract.task.TaskSourceApi;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

/** The runs among the tasks of all services. */
@RestController
final class RunsAsTasks implements TaskSourceApi {
  private final Runs runs;

  RunsAsTasks(Runs runs) {
    this.runs = runs;
  }

  @Override
  public TaskList tasks(@Nullable String state, int limit) {
    var wanted =
        state == null
            ? null
            : RunState.find(state)
                .orElseThrow(() ->
                    MosaicException.invalidValue("state", "is no state of a run: '" + state + "'"));
    return TaskList.of(
        runs.list(wanted, null, limit).runs().stream().map(RunsAsTasks::task).toList());
  }

  @Override
  public TaskBody task(String id) {
    return task(runs.require(id));
  }

  @Override
  public TaskBody cancel(String id) {
    return task(runs.cancel(id));
  }

  private static TaskBody task(RunBody run) {
    return new TaskBody(
        run.id(),
        run.kind(),
        run.state(),
        new TaskBody.ProgressBody(
            run.progress().done(), run.progress().total(), run.progress().unit()),
        run.cancelRequested(),
        run.result(),
        run.error(),
        run.createdAt(),
        run.startedAt(),
        run.finishedAt());
  }
}
