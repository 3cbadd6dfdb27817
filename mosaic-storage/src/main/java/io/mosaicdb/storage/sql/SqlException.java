package io.mosaicdb.storage.sql;

/** A statement that is not answered, and whose fault that is. The message is for the user. */
public final class SqlException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Why there is no answer. */
  public enum Reason {
    /** The statement is wrong, or not one that may be asked here. */
    STATEMENT,
    /** A parameter is wrong. */
    PARAMETERS,
    /** The statement, or what it makes, is larger than one may be. */
    TOO_LARGE,
    /** The time ran out. */
    TIMED_OUT,
    /** A shard cannot be read. */
    UNREADABLE
  }

  private final Reason reason;

  SqlException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  SqlException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  static SqlException statement(String message) {
    return new SqlException(Reason.STATEMENT, message);
  }

  public Reason reason() {
    return reason;
  }
}
