package io.mosaicdb.storage.text;

import java.text.Normalizer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A text in Unicode normal form C that remembers where its characters came from, so that a word
 * typed as one code point finds the same word typed as letter and accent, and a highlight still
 * covers the characters of the original.
 */
final class NormalizedText {
  private final String text;
  private final int @Nullable [] starts;
  private final int @Nullable [] ends;

  private NormalizedText(String text, int @Nullable [] starts, int @Nullable [] ends) {
    this.text = text;
    this.starts = starts;
    this.ends = ends;
  }

  static NormalizedText of(String original) {
    if (isPlain(original) || Normalizer.isNormalized(original, Normalizer.Form.NFC)) {
      return new NormalizedText(original, null, null);
    }
    var composed = new StringBuilder(original.length());
    var starts = new int[original.length() + 16];
    var ends = new int[starts.length];
    int from = 0;
    while (from < original.length()) {
      int to = clusterEnd(original, from);
      composed.append(Normalizer.normalize(original.substring(from, to), Normalizer.Form.NFC));
      if (composed.length() > starts.length) {
        starts = Arrays.copyOf(starts, composed.length() * 2);
        ends = Arrays.copyOf(ends, composed.length() * 2);
      }
      for (int i = composed.length() - 1; i >= 0 && ends[i] == 0; i--) {
        starts[i] = from;
        ends[i] = to;
      }
      from = to;
    }
    return new NormalizedText(composed.toString(), starts, ends);
  }

  String text() {
    return text;
  }

  /** Where in the original the normalised character at {@code offset} starts. */
  int originalStart(int offset) {
    return starts == null ? offset : starts[offset];
  }

  /** Where in the original the stretch that ends before the normalised {@code offset} ends. */
  int originalEnd(int offset) {
    return ends == null ? offset : offset == 0 ? 0 : ends[offset - 1];
  }

  /** Below U+0300 nothing combines with what stands before it. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x300) {
        return false;
      }
    }
    return true;
  }

  private static int clusterEnd(String text, int from) {
    int to = from + Character.charCount(text.codePointAt(from));
    while (to < text.length() && combines(text.codePointAt(to))) {
      to += Character.charCount(text.codePointAt(to));
    }
    return to;
  }

  private static boolean combines(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || (codePoint >= 0x1160 && codePoint <= 0x11FF);
  }
}
