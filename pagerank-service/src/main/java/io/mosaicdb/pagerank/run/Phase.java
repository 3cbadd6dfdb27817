package io.mosaicdb.pagerank.run;

import java.util.Locale;

/** What a run is at. */
enum Phase {
  WAITING("runs"),
  COLLECTING("documents"),
  BUILDING("edges"),
  ITERATING("iterations"),
  PUBLISHING("documents");

  private final String unit;

  Phase(String unit) {
    this.unit = unit;
  }

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What its progress counts. */
  String unit() {
    return unit;
  }
}
