package io.mosaicdb.storage.sql;

import java.util.Set;

/**
 * The functions that a statement may call. Everything else is refused: what reads or writes files,
 * loads code or shows the connection, what makes large values of nothing ({@code printf}, {@code
 * zeroblob}), and what takes quadratic time inside one call ({@code json_patch}), which no time
 * limit would stop.
 */
final class SqlFunctions {
  private static final Set<String> ALLOWED =
      Set.of(
          """
          abs char coalesce concat concat_ws glob hex if ifnull iif instr length like likelihood
          likely lower ltrim max min nullif octet_length quote random replace round rtrim sign
          substr substring trim typeof unhex unicode unlikely upper
          avg count cume_dist dense_rank first_value group_concat lag last_value lead median
          nth_value ntile percent_rank percentile percentile_cont percentile_disc rank row_number
          string_agg sum total
          current_date current_time current_timestamp date datetime julianday strftime time timediff
          unixepoch
          acos acosh asin asinh atan atan2 atanh ceil ceiling cos cosh degrees exp floor ln log log10
          log2 mod pi pow power radians sin sinh sqrt tan tanh trunc
          -> ->> json json_array json_array_length json_error_position json_extract json_group_array
          json_group_object json_insert json_object json_quote json_remove json_replace json_set
          json_type json_valid
          """
              .strip()
              .split("\\s+"));

  /** Those whose result is never large, whatever they are given. */
  private static final Set<String> SMALL =
      Set.of(
          """
          abs avg char count cume_dist date datetime dense_rank glob instr json_array_length
          json_error_position json_type json_valid julianday length like median ntile octet_length
          percent_rank percentile percentile_cont percentile_disc pi random rank round row_number
          sign strftime sum time timediff total typeof unicode unixepoch
          """
              .strip()
              .split("\\s+"));

  private SqlFunctions() {}

  static boolean allows(String name) {
    return ALLOWED.contains(name);
  }

  static boolean mayBeLarge(String name) {
    return !SMALL.contains(name);
  }
}
