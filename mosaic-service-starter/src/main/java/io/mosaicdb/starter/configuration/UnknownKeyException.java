package io.mosaicdb.starter.configuration;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration has keys that nothing reads. */
final class UnknownKeyException extends RuntimeException {
  /**
   * One such key.
   *
   * @param place where it stands, for the user to find it
   * @param advice what to write instead
   */
  record UnknownKey(String key, String place, String advice) {
    private String sentence() {
      return "The configuration key '%s' (%s) does not exist. %s".formatted(key, place, advice);
    }
  }

  private final transient List<UnknownKey> keys;

  UnknownKeyException(List<UnknownKey> keys) {
    super(keys.stream().map(UnknownKey::sentence).collect(Collectors.joining(" ")));
    this.keys = List.copyOf(keys);
  }

  List<UnknownKey> keys() {
    return keys;
  }
}
