package io.mosaicdb.crawler.fetch;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** The Retry-After field: seconds, or the date until which to wait. */
final class RetryAfter {
  private static final Duration LONGEST = Duration.ofDays(365);

  private RetryAfter() {}

  /** How long to wait from now on, a year at most; empty where the field says nothing usable. */
  static Optional<Duration> read(String field, Instant now) {
    var value = field.strip();
    if (value.matches("[0-9]+")) {
      return Optional.of(
          value.length() > 9 ? LONGEST : shorter(Duration.ofSeconds(Long.parseLong(value))));
    }
    try {
      var date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      var wait = Duration.between(now, date);
      return Optional.of(wait.isNegative() ? Duration.ZERO : shorter(wait));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private static Duration shorter(Duration wait) {
    return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
  }
}
