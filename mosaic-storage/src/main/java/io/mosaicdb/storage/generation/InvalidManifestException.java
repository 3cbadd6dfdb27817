package io.mosaicdb.storage.generation;

import org.jspecify.annotations.Nullable;

/** A manifest that cannot be believed; the message says what is wrong with it. */
public final class InvalidManifestException extends RuntimeException {
  InvalidManifestException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
