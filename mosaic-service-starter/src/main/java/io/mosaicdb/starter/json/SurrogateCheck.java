package io.mosaicdb.starter.json;

import java.io.IOException;

/**
 * Follows UTF-8 JSON byte by byte and stops at a surrogate without its other half. A state machine:
 * most bytes cost one comparison, and a stream may be fed in pieces of any size.
 */
final class SurrogateCheck {
  private static final int PLAIN = 0;
  private static final int BACKSLASH = 1;
  private static final int HEX = 2;
  private static final int THREE_BYTES = 3;

  private int state = PLAIN;
  private int digits;
  private int unit;
  private boolean highPending;
  private long position;

  /** Takes the next bytes; throws {@link BrokenTextException} at the first lone half. */
  void accept(byte[] bytes, int offset, int length) throws IOException {
    int end = offset + length;
    for (int i = offset; i < end; i++) {
      byte b = bytes[i];
      if (state == PLAIN) {
        if (b != '\\' && b != (byte) 0xED && !highPending && b != 0) {
          continue;
        }
        plain(b, position + i - offset);
      } else {
        inside(b, position + i - offset);
      }
    }
    position += length;
  }

  void end() throws IOException {
    if (highPending) {
      throw new BrokenTextException(position);
    }
  }

  private void plain(byte b, long at) throws IOException {
    if (b == '\\') {
      state = BACKSLASH;
      return;
    }
    if (highPending || b == 0) {
      throw new BrokenTextException(at);
    }
    state = THREE_BYTES;
  }

  private void inside(byte b, long at) throws IOException {
    switch (state) {
      case BACKSLASH -> {
        if (b == 'u') {
          state = HEX;
          digits = 0;
          unit = 0;
        } else {
          if (highPending) {
            throw new BrokenTextException(at);
          }
          state = PLAIN;
        }
      }
      case HEX -> {
        int digit = Character.digit(b, 16);
        if (digit < 0) {
          // Not JSON; the parser says so better than we could.
          state = PLAIN;
          highPending = false;
          return;
        }
        unit = unit << 4 | digit;
        if (++digits == 4) {
          state = PLAIN;
          escaped((char) unit, at);
        }
      }
      default -> {
        // The second byte of the three-byte form: A0 and above would encode D800 to DFFF.
        if ((b & 0xFF) >= 0xA0) {
          throw new BrokenTextException(at);
        }
        state = PLAIN;
      }
    }
  }

  private void escaped(char c, long at) throws IOException {
    if (highPending != Character.isLowSurrogate(c)) {
      throw new BrokenTextException(at);
    }
    highPending = Character.isHighSurrogate(c);
  }
}
