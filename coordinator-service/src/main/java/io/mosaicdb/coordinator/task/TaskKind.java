package io.mosaicdb.coordinator.task;

/** A kind of task that goes on after a restart. A bean; its name is never renamed. */
public interface TaskKind {
  /** As in the API, lower_snake_case. */
  String name();

  /**
   * The work that {@code input} describes. It may be run again after a death of the process at any
   * moment, even after its last step: it must notice what is done already, or do no harm to it.
   */
  TaskWork work(byte[] input);
}
