package io.mosaicdb.coordinator.task;

import io.mosaicdb.contract.error.MosaicException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

enum TaskState {
  ENQUEUED,
  RUNNING,
  SUCCEEDED,
  FAILED,
  CANCELED;

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean finished() {
    return this != ENQUEUED && this != RUNNING;
  }

  /** The state that a request names; null: none. */
  static @Nullable TaskState parse(@Nullable String name, String pointer) {
    if (name == null) {
      return null;
    }
    for (var state : values()) {
      if (state.wireName().equals(name)) {
        return state;
      }
    }
    var known = Arrays.stream(values()).map(TaskState::wireName).collect(Collectors.joining(", "));
    throw MosaicException.invalidValue(pointer, "must be one of " + known + ", got '" + name + "'");
  }
}
