package io.mosaicdb.coordinator.search;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Which of the two rankings a search asks for. */
public enum SearchMode {
  /** Both, fused. */
  HYBRID,
  /** By vectors. */
  SEMANTIC,
  /** By words. */
  KEYWORD;

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<SearchMode> find(String wireName) {
    return Arrays.stream(values()).filter(mode -> mode.wireName().equals(wireName)).findFirst();
  }
}
