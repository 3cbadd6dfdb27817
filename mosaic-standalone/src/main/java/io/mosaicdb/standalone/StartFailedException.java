package io.mosaicdb.standalone;

/** The process cannot start; the message is for the operator and says what to change. */
final class StartFailedException extends RuntimeException {
  StartFailedException(String message) {
    super(message);
  }

  StartFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
