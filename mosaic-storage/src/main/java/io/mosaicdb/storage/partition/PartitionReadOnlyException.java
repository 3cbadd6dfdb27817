package io.mosaicdb.storage.partition;

/**
 * The partition takes no writes, or not this one, until something that is lost or damaged is put
 * back; the message says what.
 */
public final class PartitionReadOnlyException extends RuntimeException {
  private static final long serialVersionUID = 1;

  PartitionReadOnlyException(String message) {
    super(message);
  }
}
