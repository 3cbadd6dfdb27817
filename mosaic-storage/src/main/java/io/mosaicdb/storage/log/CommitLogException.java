package io.mosaicdb.storage.log;

import org.jspecify.annotations.Nullable;

/** Why the log did not do what was asked; each subclass is one reason a caller can act on. */
public abstract sealed class CommitLogException extends RuntimeException
    permits EntryTooLargeException,
        LogFailedException,
        LogLockedException,
        LogOverloadedException,
        LogPurgedException,
        NotAppliedInTimeException,
        OperationConflictException {
  CommitLogException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
