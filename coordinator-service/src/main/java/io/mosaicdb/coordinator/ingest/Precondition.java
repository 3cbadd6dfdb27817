package io.mosaicdb.coordinator.ingest;

import io.mosaicdb.contract.error.MosaicException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What If-Match and If-None-Match (RFC 9110, sections 13.1.1 and 13.1.2) ask of a document. */
sealed interface Precondition {
  Precondition NONE = new None();

  /** No condition. */
  record None() implements Precondition {}

  /** There is no such document. */
  record Absent() implements Precondition {}

  /** There is such a document, in any version. */
  record Present() implements Precondition {}

  /** The document has this version. */
  record Version(long version) implements Precondition {}

  Pattern TAG = Pattern.compile("\"(\\d{1,18})\"");

  static Precondition of(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
    if (ifMatch != null && ifNoneMatch != null) {
      throw MosaicException.invalidValue("If-None-Match", "must not be combined with If-Match");
    }
    if (ifNoneMatch != null) {
      if (!ifNoneMatch.strip().equals("*")) {
        throw MosaicException.invalidValue(
            "If-None-Match", "must be * on a write, got '" + ifNoneMatch + "'");
      }
      return new Absent();
    }
    if (ifMatch == null) {
      return NONE;
    }
    if (ifMatch.strip().equals("*")) {
      return new Present();
    }
    var tag = TAG.matcher(ifMatch.strip());
    if (!tag.matches()) {
      throw MosaicException.invalidValue(
          "If-Match", "must be * or one quoted version such as \"17\", got '" + ifMatch + "'");
    }
    return new Version(Long.parseLong(tag.group(1)));
  }
}
