package io.mosaicdb.crawler.url;

import java.net.URI;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells URLs that a site can make without end from those of pages. What a rule cannot tell, the
 * bounds of a crawl have to end: its depth and its number of pages.
 */
public final class UrlTraps {
  private static final int LONGEST = 2048;
  private static final int MOST_SEGMENTS = 30;
  private static final int MOST_PARAMETERS = 16;
  private static final int MOST_REPEATS = 3;
  private static final int FIRST_YEAR = 1970;
  private static final int YEARS_AHEAD = 2;
  private static final Set<String> CALENDARS =
      Set.of(
          "calendar",
          "cal",
          "kalender",
          "calendrier",
          "calendario",
          "agenda",
          "month",
          "week",
          "day",
          "date",
          "year",
          "monat",
          "jahr");
  private static final Pattern YEAR = Pattern.compile("(?<![0-9])([0-9]{4})(?![0-9])");
  private static final Pattern RANDOM = Pattern.compile("(?i)(?=.*[0-9])[0-9a-z_-]{20,}");

  private UrlTraps() {}

  /**
   * The word for why a URL in normal form is not followed: {@code too_long}, {@code too_deep},
   * {@code too_many_parameters}, {@code repeating_path}, {@code repeating_parameter}, {@code
   * session_id} or {@code calendar}.
   */
  public static Optional<String> reason(URI url) {
    return Optional.ofNullable(reason(url, Year.now(ZoneOffset.UTC).getValue()));
  }

  static @Nullable String reason(URI url, int thisYear) {
    if (url.toString().length() > LONGEST) {
      return "too_long";
    }
    var path = url.getRawPath() == null ? "/" : url.getRawPath();
    var segments = List.of(path.substring(Math.min(1, path.length())).split("/"));
    if (segments.size() > MOST_SEGMENTS) {
      return "too_deep";
    }
    if (repeats(segments)) {
      return "repeating_path";
    }
    var query = url.getRawQuery();
    var parameters = query == null ? List.<String>of() : List.of(query.split("&"));
    if (parameters.size() > MOST_PARAMETERS) {
      return "too_many_parameters";
    }
    var names = new HashMap<String, Integer>();
    for (var parameter : parameters) {
      if (names.merge(parameter, 1, Integer::sum) > 1) {
        return "repeating_parameter";
      }
      int equals = parameter.indexOf('=');
      var name = (equals < 0 ? parameter : parameter.substring(0, equals)).toLowerCase(Locale.ROOT);
      if (name.contains("sess") && RANDOM.matcher(parameter.substring(equals + 1)).matches()) {
        return "session_id";
      }
    }
    return isCalendarWithoutEnd(segments, parameters, thisYear) ? "calendar" : null;
  }

  // A run of segments three times in a row, or one segment in more than as many places.
  private static boolean repeats(List<String> segments) {
    var counts = new HashMap<String, Integer>();
    for (var segment : segments) {
      if (!segment.isEmpty() && counts.merge(segment, 1, Integer::sum) > MOST_REPEATS) {
        return true;
      }
    }
    for (int length = 1; length * MOST_REPEATS <= segments.size(); length++) {
      for (int from = 0; from + length * MOST_REPEATS <= segments.size(); from++) {
        var run = segments.subList(from, from + length);
        if (run.equals(segments.subList(from + length, from + 2 * length))
            && run.equals(segments.subList(from + 2 * length, from + 3 * length))) {
          return true;
        }
      }
    }
    return false;
  }

  // A calendar shows months that nobody has written anything for: far off, or not of this calendar.
  private static boolean isCalendarWithoutEnd(
      List<String> segments, List<String> parameters, int thisYear) {
    var words = new HashSet<String>();
    segments.forEach(
        segment -> words.addAll(List.of(segment.toLowerCase(Locale.ROOT).split("[^a-z]+"))));
    for (var parameter : parameters) {
      int equals = parameter.indexOf('=');
      var name = (equals < 0 ? parameter : parameter.substring(0, equals)).toLowerCase(Locale.ROOT);
      words.addAll(List.of(name.split("[^a-z]+")));
      if (Set.of("month", "mon", "monat").contains(name)
          && !isMonth(parameter.substring(equals + 1))) {
        return true;
      }
    }
    if (words.stream().noneMatch(CALENDARS::contains)) {
      return false;
    }
    var text = String.join("/", segments) + "?" + String.join("&", parameters);
    var years = YEAR.matcher(text);
    while (years.find()) {
      int year = Integer.parseInt(years.group(1));
      if (year > thisYear + YEARS_AHEAD || year < FIRST_YEAR) {
        return true;
      }
    }
    return false;
  }

  // Names, and 2026-11, are months as well; 13 is none.
  private static boolean isMonth(String value) {
    return !value.matches("-?[0-9]{1,9}")
        || (Integer.parseInt(value) >= 0 && Integer.parseInt(value) <= 12)
        || value.matches("(19|20)[0-9]{4}");
  }
}
