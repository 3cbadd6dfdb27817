package io.mosaicdb.documents;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a document.
 *
 * @param detail what happened, where it was not read; else empty
 * @param cut whether there was more text than wanted
 * @param text a line a block
 */
record DocumentText(
    Outcome outcome,
    String detail,
    String title,
    String description,
    String language,
    @Nullable Instant created,
    @Nullable Instant modified,
    boolean cut,
    String text,
    List<Heading> headings,
    List<Link> links) {
  /** How it ended. */
  enum Outcome {
    READ(0),
    /** Its bytes are not what its type says, or broken. */
    BROKEN(1),
    /** It wants a password. */
    ENCRYPTED(2),
    /** It grows, or nests, beyond what documents do. */
    BOMB(3),
    /** Nobody here reads its type. */
    UNKNOWN_TYPE(4);

    private final int code;

    Outcome(int code) {
      this.code = code;
    }

    /** As the protocol says it. */
    int code() {
      return code;
    }
  }

  record Heading(int level, String text) {}

  record Link(String target, String words) {}

  static DocumentText failed(Outcome outcome, String detail) {
    return new DocumentText(
        outcome, detail, "", "", "", null, null, false, "", List.of(), List.of());
  }
}
