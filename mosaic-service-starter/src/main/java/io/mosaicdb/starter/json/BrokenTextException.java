package io.mosaicdb.starter.json;

import java.io.IOException;

/** The bytes are not the UTF-8 form of a text. */
public final class BrokenTextException extends IOException {
  BrokenTextException(long position) {
    super(
        "half of a surrogate pair, or a byte that text cannot contain, at byte offset " + position);
  }
}
