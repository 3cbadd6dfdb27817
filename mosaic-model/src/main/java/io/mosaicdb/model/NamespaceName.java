package io.mosaicdb.model;

import java.util.regex.Pattern;

/**
 * The name of a namespace: 1 to 64 of {@code a-z 0-9 _ -}, starting with a letter or digit; it is
 * also a folder's name.
 */
public record NamespaceName(String value) implements Comparable<NamespaceName> {
  private static final Pattern VALID = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

  public NamespaceName {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "namespace must be 1 to 64 of a-z 0-9 _ - and start with a letter or digit, got '"
              + (value.length() > 80 ? value.substring(0, 80) + "…" : value)
              + "'");
    }
  }

  /** Whether a namespace may have that name. */
  public static boolean isValid(String value) {
    return VALID.matcher(value).matches();
  }

  @Override
  public int compareTo(NamespaceName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
