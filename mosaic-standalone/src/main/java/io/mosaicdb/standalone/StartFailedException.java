package io.mosaicdb.standalone;

import org.springframework.boot.context.properties.bind.BindException;

/** The process cannot start; the message is for the operator and says what to change. */
final class StartFailedException extends RuntimeException {
  StartFailedException(String message) {
    super(message);
  }

  StartFailedException(String message, Throwable cause) {
    super(message, cause);
  }

  /** What stopped a service, in one sentence; a bad setting is named with its value. */
  static StartFailedException of(String service, RuntimeException failure) {
    String setting = "";
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
      if (root instanceof BindException bad) {
        var property = bad.getProperty();
        setting =
            property == null
                ? bad.getName() + ": "
                : "%s cannot be '%s': ".formatted(property.getName(), property.getValue());
      }
    }
    var reason = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    return new StartFailedException(
        service + " failed: " + (reason.startsWith("mosaic.") ? "" : setting) + reason, failure);
  }

  /** Whether the message says all there is to say, so that a stack trace would only hide it. */
  boolean isExplained() {
    Throwable root = this;
    while (root.getCause() != null) {
      root = root.getCause();
      if (root instanceof BindException) {
        return true;
      }
    }
    return !(root instanceof RuntimeException || root instanceof Error)
        || root instanceof IllegalArgumentException
        || root instanceof IllegalStateException
        || root instanceof StartFailedException
        || root.getClass().getName().startsWith("io.mosaicdb.");
  }
}
