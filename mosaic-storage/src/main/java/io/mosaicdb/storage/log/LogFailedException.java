package io.mosaicdb.storage.log;

import org.jspecify.annotations.Nullable;

/** The log accepts nothing more until it is reopened, or could not be read or opened at all. */
public final class LogFailedException extends CommitLogException {
  LogFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
