package io.mosaicdb.storage.search;

import io.mosaicdb.storage.segment.Segment;

/** Chooses the plan for one segment, from statistics alone. */
final class Planner {
  /** A filter that fewer pass is evaluated first. */
  private static final double SELECTIVE = .1;

  private Planner() {}

  /**
   * A plan and what it was chosen by.
   *
   * @param estimate about how many documents pass the filter; all of them without one
   */
  record Choice(Plan plan, double estimate) {}

  static Choice choose(Segment segment, SearchCommand command) {
    double estimate =
        command.filter() == null ? segment.documentCount() : segment.estimate(command.filter());
    return new Choice(plan(segment, command, estimate), estimate);
  }

  private static Plan plan(Segment segment, SearchCommand command, double estimate) {
    if (command.sort() != null) {
      return Plan.SORT;
    }
    if (command.plan() != null) {
      return command.plan();
    }
    if (command.filter() != null && estimate < SELECTIVE * segment.documentCount()) {
      return Plan.FILTER_FIRST;
    }
    if (command.text() == null) {
      return Plan.VECTOR_ONLY;
    }
    return command.vector() == null ? Plan.TEXT_ONLY : Plan.PARALLEL;
  }
}
