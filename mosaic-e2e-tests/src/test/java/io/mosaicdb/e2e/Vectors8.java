package io.mosaicdb.e2e;

import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;

/** Vectors of eight numbers, the same for the same number. */
final class Vectors8 {
  private Vectors8() {}

  /** As a JSON array. */
  static String of(int number) {
    return new Random(number)
        .doubles(8)
        .mapToObj(value -> String.format(Locale.ROOT, "%.4f", value - 0.5))
        .collect(Collectors.joining(",", "[", "]"));
  }
}
