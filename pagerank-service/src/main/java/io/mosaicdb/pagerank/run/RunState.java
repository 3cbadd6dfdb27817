package io.mosaicdb.pagerank.run;

import java.util.Locale;
import java.util.Optional;

/** Where a run is, named as tasks are. */
public enum RunState {
  ENQUEUED,
  RUNNING,
  SUCCEEDED,
  FAILED,
  CANCELED;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<RunState> find(String wireName) {
    for (var state : values()) {
      if (state.wireName().equals(wireName)) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }

  boolean hasEnded() {
    return this == SUCCEEDED || this == FAILED || this == CANCELED;
  }
}
