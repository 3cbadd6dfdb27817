package io.mosaicdb.storage.backup;

import java.io.IOException;

/** A backup cannot be made, or cannot be trusted. */
public final class BackupException extends IOException {
  private static final long serialVersionUID = 1;

  public BackupException(String message) {
    super(message);
  }
}
