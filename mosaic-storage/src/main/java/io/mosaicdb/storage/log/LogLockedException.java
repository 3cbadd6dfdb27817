package io.mosaicdb.storage.log;

import java.nio.file.Path;

/** Another writer holds the log. */
public final class LogLockedException extends CommitLogException {
  private final String owner;

  LogLockedException(Path directory, String owner) {
    super("the log in " + directory + " is already being written by " + owner, null);
    this.owner = owner;
  }

  /** Who holds it: process id and start time, as far as known. */
  public String owner() {
    return owner;
  }
}
