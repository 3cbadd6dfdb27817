package io.mosaicdb.crawler.duplicate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Fingerprints of a text. {@link #exact} is equal for texts that differ in letter case, white space
 * and the composition of accents only; {@link #near} differs in few bits for texts that share most
 * of their three-word shingles.
 */
public final class SimHash {
  /**
   * Two texts are near duplicates up to so many differing bits: Manku et al. 2007, section 4, for
   * 64 bits.
   */
  public static final int NEAR_BITS = 3;

  /**
   * Fewer words than this have no near duplicates: one word more or less changes a tenth of the
   * shingles of a short text, and templates make different short pages look alike.
   */
  static final int MIN_WORDS = 32;

  private static final int SHINGLE = 3;

  private SimHash() {}

  /**
   * SHA-256 of the text in lower case with runs of white space as one space, in lower-case
   * hexadecimal.
   */
  public static String exact(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of()
          .formatHex(digest.digest(normalized(text).getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * The SimHash of a text's word shingles, never 0 for a text of at least {@value #MIN_WORDS}
   * words; 0 for a shorter one, which has no near duplicates.
   */
  public static long near(String text) {
    String normalized = normalized(text);
    long[] recent = new long[SHINGLE];
    int words = 0;
    int[] votes = new int[Long.SIZE];
    int at = 0;
    while (at < normalized.length()) {
      int codePoint = normalized.codePointAt(at);
      if (!Character.isLetterOrDigit(codePoint)) {
        at += Character.charCount(codePoint);
        continue;
      }
      // An ideograph is a word of its own: its scripts put no space between words.
      long hash = 0xcbf29ce484222325L;
      boolean ideograph = Character.isIdeographic(codePoint);
      do {
        hash = (hash ^ codePoint) * 0x100000001b3L;
        at += Character.charCount(codePoint);
        codePoint = at < normalized.length() ? normalized.codePointAt(at) : ' ';
      } while (!ideograph
          && Character.isLetterOrDigit(codePoint)
          && !Character.isIdeographic(codePoint));
      recent[words % SHINGLE] = hash;
      words++;
      if (words >= SHINGLE) {
        vote(votes, shingle(recent, words));
      }
    }
    if (words < MIN_WORDS) {
      return 0;
    }
    long result = 0;
    for (int bit = 0; bit < Long.SIZE; bit++) {
      if (votes[bit] > 0) {
        result |= 1L << bit;
      }
    }
    return result == 0 ? 1 : result;
  }

  /** Differing bits of two SimHashes. */
  public static int distance(long a, long b) {
    return Long.bitCount(a ^ b);
  }

  private static long shingle(long[] recent, int words) {
    long hash = 0;
    for (int i = 0; i < SHINGLE; i++) {
      hash = mix(hash * 31 + recent[(words + i) % SHINGLE]);
    }
    return hash;
  }

  private static void vote(int[] votes, long hash) {
    for (int bit = 0; bit < Long.SIZE; bit++) {
      votes[bit] += (hash >>> bit & 1) == 1 ? 1 : -1;
    }
  }

  /** The finaliser of SplitMix64: every bit of the input changes half of the output's. */
  private static long mix(long value) {
    long mixed = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
    return mixed ^ mixed >>> 31;
  }

  private static String normalized(String text) {
    String composed = Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    StringBuilder result = new StringBuilder(composed.length());
    boolean gap = false;
    for (int i = 0; i < composed.length(); i++) {
      char c = composed.charAt(i);
      if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
        gap = !result.isEmpty();
      } else {
        if (gap) {
          result.append(' ');
          gap = false;
        }
        result.append(c);
      }
    }
    return result.toString();
  }
}
