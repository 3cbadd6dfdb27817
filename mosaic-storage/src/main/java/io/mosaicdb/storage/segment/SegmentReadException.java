package io.mosaicdb.storage.segment;

/** A segment's file could not be read: missing, damaged, or too many readers at once. */
public final class SegmentReadException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public SegmentReadException(String message, Throwable cause) {
    super(message, cause);
  }
}
