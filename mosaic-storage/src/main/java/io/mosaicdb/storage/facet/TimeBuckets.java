package io.mosaicdb.storage.facet;

import java.time.Duration;
import java.time.LocalDate;
import java.time.temporal.IsoFields;

/** How times fall into buckets: by the calendar in UTC, or every so many milliseconds. */
public sealed interface TimeBuckets {
  long DAY = 86_400_000;

  /** A Monday. */
  long FIRST_WEEK = 4 * DAY;

  /** Where the bucket of {@code time} starts; both in milliseconds since 1970-01-01T00:00Z. */
  long start(long time);

  /** Weeks start on Monday. */
  enum Calendar implements TimeBuckets {
    DAY_OF_UTC,
    WEEK,
    MONTH,
    QUARTER,
    YEAR;

    @Override
    public long start(long time) {
      long day = Math.floorDiv(time, DAY);
      return switch (this) {
        case DAY_OF_UTC -> day * DAY;
        case WEEK -> Math.floorDiv(time - FIRST_WEEK, 7 * DAY) * 7 * DAY + FIRST_WEEK;
        case MONTH -> LocalDate.ofEpochDay(day).withDayOfMonth(1).toEpochDay() * DAY;
        case QUARTER ->
            LocalDate.ofEpochDay(day).with(IsoFields.DAY_OF_QUARTER, 1).toEpochDay() * DAY;
        case YEAR -> LocalDate.ofEpochDay(day).withDayOfYear(1).toEpochDay() * DAY;
      };
    }
  }

  /** Every {@code width} milliseconds from {@code offset} on, in both directions. */
  record Fixed(long width, long offset) implements TimeBuckets {
    public Fixed {
      if (width < 1) {
        throw new IllegalArgumentException("width must be > 0, got " + width);
      }
    }

    public static Fixed of(Duration width, Duration offset) {
      return new Fixed(width.toMillis(), offset.toMillis());
    }

    @Override
    public long start(long time) {
      return Math.floorDiv(time - offset, width) * width + offset;
    }
  }
}
