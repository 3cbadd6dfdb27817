package io.mosaicdb.coordinator.sql;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.sql.SqlRequest;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns a request into a statement with its bounds, or says which value is at fault. */
final class SqlCheck {
  private static final int MOST_CHARACTERS = 65_536;
  private static final int MOST_PARAMETERS = 1_000;

  private final SqlProperties limits;

  SqlCheck(SqlProperties limits) {
    this.limits = limits;
  }

  /** What is asked; the worker checks the statement itself. */
  record Statement(
      String sql,
      List<@Nullable Object> parameters,
      Duration timeout,
      int maxRows,
      boolean allowPartial) {}

  Statement check(SqlRequest request) {
    var sql = request.sql();
    if (sql == null || sql.isBlank()) {
      throw MosaicException.invalidValue("/sql", "must be a statement");
    }
    if (sql.length() > MOST_CHARACTERS) {
      throw MosaicException.invalidValue(
          "/sql", "may have " + MOST_CHARACTERS + " characters, got " + sql.length());
    }
    return new Statement(
        sql,
        parameters(request.params()),
        Duration.ofMillis(
            between(
                "/timeout_ms",
                request.timeoutMs(),
                (int) limits.timeout().toMillis(),
                (int) limits.longestTimeout().toMillis())),
        between("/max_rows", request.maxRows(), limits.rows(), limits.mostRows()),
        Boolean.TRUE.equals(request.allowPartial()));
  }

  private static List<@Nullable Object> parameters(@Nullable List<@Nullable Object> given) {
    if (given == null) {
      return List.of();
    }
    if (given.size() > MOST_PARAMETERS) {
      throw MosaicException.invalidValue(
          "/params", "may have " + MOST_PARAMETERS + " values, got " + given.size());
    }
    var parameters = new ArrayList<@Nullable Object>(given.size());
    for (int i = 0; i < given.size(); i++) {
      parameters.add(parameter(given.get(i), "/params/" + i));
    }
    return parameters;
  }

  private static @Nullable Object parameter(@Nullable Object value, String pointer) {
    return switch (value) {
      case null -> null;
      case Boolean flag -> flag;
      case String text -> text;
      case Integer number -> number;
      case Long number -> number;
      case BigInteger number ->
          throw MosaicException.invalidValue(
              pointer, "must be an integer from -2^63 to 2^63-1, got " + shortened(number));
      case Number number when Double.isFinite(number.doubleValue()) -> number.doubleValue();
      default ->
          throw MosaicException.invalidValue(
              pointer, "must be null, true, false, a finite number or a string");
    };
  }

  private static String shortened(BigInteger number) {
    var text = number.toString();
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }

  private static int between(String pointer, @Nullable Integer value, int standard, int most) {
    if (value == null) {
      return standard;
    }
    if (value < 1 || value > most) {
      throw MosaicException.invalidValue(
          pointer, "must be between 1 and " + most + ", got " + value);
    }
    return value;
  }
}
