package io.mosaicdb.storage.text;

/** A shard's words could not be read; the file may be damaged or gone. */
public final class TextIndexReadException extends RuntimeException {
  TextIndexReadException(String message, Throwable cause) {
    super(message, cause);
  }
}
