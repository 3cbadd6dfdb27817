package io.mosaicdb.model.schema;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How two vectors are compared. A higher score is always the better one. */
public enum Metric {
  /** Cosine of the angle, -1 to 1. */
  COSINE,
  /** Dot product, unbounded. */
  DOT,
  /** Euclidean distance d, scored as 1 / (1 + d²), 0 to 1. */
  L2;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Metric> find(String wireName) {
    return Arrays.stream(values()).filter(metric -> metric.wireName().equals(wireName)).findFirst();
  }
}
