package io.mosaicdb.storage.log;

/** An operation id was used before, for another payload. */
public final class OperationConflictException extends CommitLogException {
  private final Commit first;

  OperationConflictException(String operationId, Commit first) {
    super(
        "operation '%s' was used for commit %d with another content"
            .formatted(operationId, first.commitSeq()),
        null);
    this.first = first;
  }

  /** The commit that took the operation id. */
  public Commit first() {
    return first;
  }
}
