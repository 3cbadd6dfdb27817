package io.mosaicdb.crawler.page;

import com.ibm.icu.text.CharsetDetector;
import com.ibm.icu.text.CharsetMatch;
import io.mosaicdb.crawler.fetch.ResponseHeaders;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Decides in which encoding bytes are to be read: byte order mark, header, the document's own
 * declaration, and where nothing is said, what the bytes look like.
 */
final class EncodingSniffer {
  /** So much of a body is enough to tell encodings apart. */
  private static final int DETECTED_LENGTH = 32_768;

  /** Below this ICU's detector guesses; of 100. */
  private static final int MIN_CONFIDENCE = 20;

  private EncodingSniffer() {}

  /** The encoding of a body, and how many of its first bytes are a byte order mark. */
  record Decision(Encoding encoding, int markLength) {}

  static Decision decide(ResponseHeaders headers, byte[] body, boolean markup) {
    if (startsWith(body, 0xEF, 0xBB, 0xBF)) {
      return new Decision(Encoding.UTF_8, 3);
    }
    if (startsWith(body, 0xFE, 0xFF)) {
      return new Decision(Encoding.UTF_16BE, 2);
    }
    if (startsWith(body, 0xFF, 0xFE)) {
      return new Decision(Encoding.UTF_16LE, 2);
    }
    Optional<Encoding> told =
        headers
            .first("Content-Type")
            .flatMap(MetaPrescan::charsetOf)
            .flatMap(Encoding::find)
            .or(() -> markup ? MetaPrescan.find(body) : Optional.empty());
    return new Decision(told.orElseGet(() -> sniff(body, markup)), 0);
  }

  static Encoding sniff(byte[] body, boolean markup) {
    if (isAscii(body)) {
      return Encoding.WINDOWS_1252;
    }
    if (isUtf8(body)) {
      return Encoding.UTF_8;
    }
    CharsetDetector detector = new CharsetDetector();
    detector.enableInputFilter(markup);
    detector.setText(interesting(body));
    for (CharsetMatch match : detector.detectAll()) {
      if (match.getConfidence() < MIN_CONFIDENCE) {
        break;
      }
      Optional<Encoding> encoding = Encoding.find(match.getName());
      // It is not UTF-8, as was seen; and what ICU takes for UTF-16 without a mark is nearly always
      // something else.
      if (encoding.isPresent()
          && encoding.get().equals(encoding.get().asWrittenInBytes())
          && !encoding.get().equals(Encoding.UTF_8)) {
        return encoding.get();
      }
    }
    return Encoding.WINDOWS_1252;
  }

  /** The part of a long body that begins shortly before its first byte beyond ASCII. */
  private static byte[] interesting(byte[] body) {
    int first = 0;
    while (first < body.length && body[first] >= 0 && body[first] != 0x1b) {
      first++;
    }
    int start = body.length <= DETECTED_LENGTH ? 0 : Math.max(0, first - 1_024);
    return Arrays.copyOfRange(body, start, Math.min(body.length, start + DETECTED_LENGTH));
  }

  /** No byte of an encoding beyond ASCII; ISO-2022 needs none but escapes. */
  private static boolean isAscii(byte[] body) {
    for (byte b : body) {
      if (b < 0 || b == 0x1b) {
        return false;
      }
    }
    return true;
  }

  private static boolean isUtf8(byte[] body) {
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(body);
    CharBuffer out = CharBuffer.allocate(8_192);
    boolean multiByte = false;
    while (true) {
      // A body that was cut in the middle of a character is none the worse UTF-8.
      var result = decoder.decode(in, out, false);
      if (result.isError()) {
        return false;
      }
      out.flip();
      for (int i = 0; i < out.length() && !multiByte; i++) {
        multiByte = out.charAt(i) >= 0x80;
      }
      if (result.isUnderflow()) {
        return multiByte && in.remaining() < 4;
      }
      out.clear();
    }
  }

  static String decode(byte[] body, int from, int length, Encoding encoding) {
    try {
      return encoding
          .charset()
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE)
          .decode(ByteBuffer.wrap(body, from, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new IllegalStateException("a decoder that replaces reports nothing", e);
    }
  }

  private static boolean startsWith(byte[] body, int... start) {
    if (body.length < start.length) {
      return false;
    }
    for (int i = 0; i < start.length; i++) {
      if ((body[i] & 0xff) != start[i]) {
        return false;
      }
    }
    return true;
  }
}
