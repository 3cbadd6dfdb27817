package io.mosaicdb.storage.sqlite;

import java.nio.file.Path;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;

/** No connection became free in time. The message is the diagnosis. */
public final class PoolTimeoutException extends SQLTransientConnectionException {
  private final transient PoolState state;

  PoolTimeoutException(Path file, Duration waited, PoolState state) {
    super(
        "no connection to %s became free within %d ms (total=%d, active=%d, idle=%d, waiting=%d, maximum=%d)"
            .formatted(
                file.getFileName(),
                waited.toMillis(),
                state.total(),
                state.active(),
                state.idle(),
                state.waiting(),
                state.maximum()));
    this.state = state;
  }

  /** The pool at the moment the wait ran out. */
  public PoolState state() {
    return state;
  }
}
