package io.mosaicdb.model.document;

import java.util.Locale;

/** What became of one operation. */
public enum WriteStatus {
  CREATED,
  REPLACED,
  DELETED,
  NOT_FOUND,
  /** The condition on the version did not hold; nothing was written. */
  PRECONDITION_FAILED;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
