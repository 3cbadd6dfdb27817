package io.mosaicdb.model;

/** A user's input breaks a rule: where ({@code pointer}, a JSON pointer of RFC 6901) and how. */
public final class InvalidInputException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;
  private final String pointer;

  public InvalidInputException(String pointer, String message) {
    super(message);
    this.pointer = pointer;
  }

  public String pointer() {
    return pointer;
  }

  /** The reference token of RFC 6901 for {@code name}. */
  public static String token(String name) {
    return "/" + name.replace("~", "~0").replace("/", "~1");
  }
}
