package io.mosaicdb.coordinator.namespace;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

/** Reads {@code 500ms}, {@code 30s}, {@code 5m}, {@code 24h}, {@code 7d} and ISO-8601. */
public final class Durations {
  private static final Pattern SHORT = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private Durations() {}

  /**
   * @throws IllegalArgumentException saying what is accepted and what came
   */
  public static Duration parse(String text) {
    var duration = parseUnbounded(text);
    if (duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("must be at most 36500d, got '" + text + "'");
    }
    return duration;
  }

  private static Duration parseUnbounded(String text) {
    var match = SHORT.matcher(text);
    if (match.matches()) {
      long amount = Long.parseLong(match.group(1));
      return switch (match.group(2)) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        case "h" -> Duration.ofHours(amount);
        default -> Duration.ofDays(amount);
      };
    }
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException | ArithmeticException _) {
      throw new IllegalArgumentException(
          "must be a number with ms, s, m, h or d (24h), or ISO-8601 (PT24H), got '"
              + (text.length() > 40 ? text.substring(0, 40) + "…" : text)
              + "'");
    }
  }

  /** The shortest form that {@link #parse} reads back. */
  static String format(Duration duration) {
    long milliseconds = duration.toMillis();
    if (milliseconds % 1000 != 0) {
      return milliseconds + "ms";
    }
    long seconds = milliseconds / 1000;
    if (seconds == 0 || seconds % 60 != 0) {
      return seconds + "s";
    }
    long minutes = seconds / 60;
    return minutes % 60 == 0 ? minutes / 60 + "h" : minutes + "m";
  }
}
