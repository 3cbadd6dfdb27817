package io.mosaicdb.model.words;

import org.jspecify.annotations.Nullable;

/**
 * A stretch of a query between spaces or quotes, with what its signs ask for.
 *
 * <p>{@code field} is the text field it is restricted to, null for any. {@code text} is without
 * sign, field, quotes and star; {@code start} and {@code end} tell where it stands in the query, in
 * UTF-16 units.
 */
public sealed interface WordClause {
  /** What a sign before a clause asks for. */
  enum Occurrence {
    /** No sign: the query's operator decides. */
    PLAIN,
    /** {@code +}: every hit has it. */
    MUST,
    /** {@code -}: no hit has it. */
    MUST_NOT
  }

  Occurrence occurrence();

  @Nullable String field();

  String text();

  int start();

  int end();

  /** {@code last}: whether the query ends with it, so that it may still be growing. */
  record Words(
      Occurrence occurrence, @Nullable String field, String text, int start, int end, boolean last)
      implements WordClause {}

  /** Words between quotes, at most {@code slop} places away from standing side by side. */
  record Phrase(
      Occurrence occurrence, @Nullable String field, String text, int start, int end, int slop)
      implements WordClause {
    public static final int MAXIMUM_SLOP = 100;
  }

  /** The beginning of a word: {@code text} was followed by a star. */
  record Prefix(Occurrence occurrence, @Nullable String field, String text, int start, int end)
      implements WordClause {}
}
