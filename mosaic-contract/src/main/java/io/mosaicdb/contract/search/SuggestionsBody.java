package io.mosaicdb.contract.search;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code GET …/suggest}.
 *
 * @param suggestions the most frequent first
 * @param didYouMean the text with its words as they are probably meant; null where they are fine
 */
public record SuggestionsBody(
    List<SuggestionBody> suggestions, @Nullable String didYouMean, String requestId) {
  /** {@code text} is what was typed with its last word completed to {@code word}. */
  public record SuggestionBody(String text, String word, long documents) {}
}
