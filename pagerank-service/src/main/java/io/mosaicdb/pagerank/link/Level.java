package io.mosaicdb.pagerank.link;

import java.util.Locale;
import java.util.Optional;

/** What a node is. */
public enum Level {
  /** A document; links between two documents count once. */
  DOCUMENT,
  /** A host; each pair of its documents that are linked counts, and documents share its rank. */
  HOST;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Level> find(String wireName) {
    for (var level : values()) {
      if (level.wireName().equals(wireName)) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }
}
