package io.mosaicdb.starter.client;

/** Marks a call of which the callee saw nothing, so that it may be made to another instance. */
final class NotConnectedException extends RuntimeException {
  NotConnectedException(Throwable cause) {
    super(cause.getMessage(), cause);
  }
}
