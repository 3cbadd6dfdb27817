package io.mosaicdb.storage.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.Function;

/**
 * Functions of ours on a connection: two that the views need, and linear versions of those of
 * SQLite's that take quadratic time in one call, where no time limit would stop them. The latter
 * answer what SQLite's answer.
 */
final class SafeFunctions {
  /** {@code mosaic_slice(text, start, end)}: a stretch in UTF-16 units. */
  static final String SLICE = "mosaic_slice";

  /** {@code mosaic_millis(time)}: RFC 3339 in UTC as milliseconds since 1970. */
  static final String MILLIS = "mosaic_millis";

  private SafeFunctions() {}

  /** Whether only our views may call {@code function}. */
  static boolean isOurs(String function) {
    return function.equals(SLICE) || function.equals(MILLIS);
  }

  static void register(Connection connection, Set<String> used) throws SQLException {
    create(connection, SLICE, 3, new Slice());
    create(connection, MILLIS, 1, new Millis());
    if (used.contains("instr")) {
      create(connection, "instr", 2, new Instr());
    }
    if (used.contains("replace")) {
      create(connection, "replace", 3, new Replace());
    }
    for (var side : Side.values()) {
      if (used.contains(side.function)) {
        create(connection, side.function, 2, new Trim(side));
      }
    }
  }

  private static void create(Connection connection, String name, int arguments, Function function)
      throws SQLException {
    Function.create(connection, name, function, arguments, Function.FLAG_DETERMINISTIC);
  }

  /** A function whose arguments are texts; null if any argument is. */
  private abstract static class OfTexts extends Function {
    abstract void answer(String[] texts) throws SQLException;

    @Override
    protected final void xFunc() throws SQLException {
      var texts = new String[args()];
      for (int i = 0; i < texts.length; i++) {
        var text = value_text(i);
        if (text == null) {
          result();
          return;
        }
        texts[i] = text;
      }
      answer(texts);
    }
  }

  private static final class Slice extends OfTexts {
    @Override
    void answer(String[] texts) throws SQLException {
      var text = texts[0];
      int end = Math.min(Integer.parseInt(texts[2]), text.length());
      result(text.substring(Math.min(Integer.parseInt(texts[1]), end), end));
    }
  }

  private static final class Millis extends OfTexts {
    @Override
    void answer(String[] texts) throws SQLException {
      try {
        result(Instant.parse(texts[0]).toEpochMilli());
      } catch (DateTimeException | ArithmeticException _) {
        result();
      }
    }
  }

  private static final class Instr extends Function {
    @Override
    protected void xFunc() throws SQLException {
      if (isBlob(0) && isBlob(1)) {
        // Bytes as characters of Latin-1: as many, and equal where the bytes are.
        var haystack = latin1(value_blob(0));
        result(find(haystack, latin1(value_blob(1)), 0) + 1);
        return;
      }
      var haystack = value_text(0);
      var needle = value_text(1);
      if (haystack == null || needle == null) {
        result();
        return;
      }
      int found = find(haystack, needle, 0);
      result(found < 0 ? 0 : haystack.codePointCount(0, found) + 1);
    }

    private boolean isBlob(int argument) throws SQLException {
      return value_type(argument) == BLOB;
    }

    private static String latin1(byte @Nullable [] bytes) {
      return bytes == null ? "" : new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static final int BLOB = 4;
  }

  private static final class Replace extends OfTexts {
    @Override
    void answer(String[] texts) throws SQLException {
      var text = texts[0];
      var pattern = texts[1];
      if (pattern.isEmpty()) {
        result(text);
        return;
      }
      var replaced = new StringBuilder(text.length());
      var matcher = new Matcher(text, pattern);
      int from = 0;
      for (int found = matcher.find(0); found >= 0; found = matcher.find(from)) {
        replaced.append(text, from, found).append(texts[2]);
        from = found + pattern.length();
        if (replaced.length() > LONGEST_TEXT) {
          throw new SQLException("string or blob too big");
        }
      }
      result(replaced.append(text, from, text.length()).toString());
    }
  }

  private static final int LONGEST_TEXT = 32 << 20;

  private enum Side {
    BOTH("trim"),
    LEFT("ltrim"),
    RIGHT("rtrim");

    private final String function;

    Side(String function) {
      this.function = function;
    }
  }

  private static final class Trim extends OfTexts {
    private final Side side;

    Trim(Side side) {
      this.side = side;
    }

    @Override
    void answer(String[] texts) throws SQLException {
      var text = texts[0];
      var removed = new HashSet<Integer>();
      texts[1].codePoints().forEach(removed::add);
      int start = 0;
      int end = text.length();
      while (side != Side.RIGHT && start < end && removed.contains(text.codePointAt(start))) {
        start += Character.charCount(text.codePointAt(start));
      }
      while (side != Side.LEFT && start < end && removed.contains(text.codePointBefore(end))) {
        end -= Character.charCount(text.codePointBefore(end));
      }
      result(text.substring(start, end));
    }
  }

  static int find(String text, String pattern, int from) {
    return pattern.isEmpty() ? from : new Matcher(text, pattern).find(from);
  }

  /** Knuth, Morris and Pratt's search: linear whatever the texts are. */
  private static final class Matcher {
    private final String text;
    private final String pattern;
    private final int[] borders;

    Matcher(String text, String pattern) {
      this.text = text;
      this.pattern = pattern;
      this.borders = new int[pattern.length()];
      int border = 0;
      for (int i = 1; i < pattern.length(); i++) {
        while (border > 0 && pattern.charAt(i) != pattern.charAt(border)) {
          border = borders[border - 1];
        }
        if (pattern.charAt(i) == pattern.charAt(border)) {
          border++;
        }
        borders[i] = border;
      }
    }

    /** Where the pattern, not empty, next stands; -1 where it does not. */
    int find(int from) {
      int matched = 0;
      for (int i = from; i < text.length(); i++) {
        while (matched > 0 && text.charAt(i) != pattern.charAt(matched)) {
          matched = borders[matched - 1];
        }
        if (text.charAt(i) == pattern.charAt(matched)) {
          matched++;
        }
        if (matched == pattern.length()) {
          return i - matched + 1;
        }
      }
      return -1;
    }
  }
}
