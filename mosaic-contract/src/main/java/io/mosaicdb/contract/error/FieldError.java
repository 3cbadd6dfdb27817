package io.mosaicdb.contract.error;

import static java.util.Objects.requireNonNull;

/**
 * One value of a request that is at fault.
 *
 * @param pointer where it is: a JSON pointer (RFC 6901) into the body such as {@code
 *     /filter/and/0/value}, or the name of a query parameter or header
 * @param message what it must be, and what it is
 */
public record FieldError(String pointer, String message) {
  public FieldError {
    requireNonNull(pointer, "pointer");
    requireNonNull(message, "message");
  }
}
