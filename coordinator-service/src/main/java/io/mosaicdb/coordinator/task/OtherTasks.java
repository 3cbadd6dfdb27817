package io.mosaicdb.coordinator.task;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.task.TaskBody;
import io.mosaicdb.contract.task.TaskBody.TaskList;
import io.mosaicdb.contract.task.TaskSourceApi;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that another service keeps, shown among our own. Where that service is not known there are
 * none; where it is and does not answer, lists name it.
 */
final class OtherTasks {
  private final String service;
  private final String kind;
  private final BooleanSupplier known;
  private final TaskSourceApi source;

  /**
   * @param kind of all its tasks
   * @param known whether the service is part of the installation
   */
  OtherTasks(String service, String kind, BooleanSupplier known, TaskSourceApi source) {
    this.service = service;
    this.kind = kind;
    this.known = known;
    this.source = source;
  }

  /** Our own and theirs, the newest first. */
  TaskList merge(TaskList own, @Nullable TaskState state, @Nullable String wanted, int limit) {
    if (!known.getAsBoolean() || (wanted != null && !wanted.equals(kind))) {
      return own;
    }
    TaskList theirs;
    try {
      theirs = source.tasks(state == null ? null : state.wireName(), limit);
    } catch (MosaicException e) {
      return new TaskList(own.tasks(), List.of(service + ": " + e.detail()));
    }
    var all = new ArrayList<>(own.tasks());
    all.addAll(theirs.tasks());
    all.sort(Comparator.comparing(TaskBody::createdAt).reversed());
    return TaskList.of(List.copyOf(all.subList(0, Math.min(limit, all.size()))));
  }

  /** The task, if it is one of theirs. */
  Optional<TaskBody> find(String id) {
    return ifTheirs(() -> source.task(id));
  }

  /** Asks the task to stop, if it is one of theirs. */
  Optional<TaskBody> cancel(String id) {
    return ifTheirs(() -> source.cancel(id));
  }

  private interface Call {
    TaskBody make();
  }

  private Optional<TaskBody> ifTheirs(Call call) {
    if (!known.getAsBoolean()) {
      return Optional.empty();
    }
    try {
      return Optional.of(call.make());
    } catch (MosaicException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
