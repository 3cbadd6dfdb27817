package io.mosaicdb.contract.worker;

import java.util.List;

/**
 * What a worker's dictionaries have. Counts are of documents, those deleted since the last merge
 * included; places are in UTF-16 units of the text.
 *
 * @param start where the word that {@code completions} complete stands
 * @param completions the most frequent first; empty where the text has no word
 * @param words those of the text that are long enough to be mistyped
 */
public record SuggestResponse(
    int start, int end, List<WordBody> completions, List<TypedWord> words) {
  public record WordBody(String word, long documents) {}

  /** {@code documents} have the word as typed. */
  public record TypedWord(int start, int end, long documents, List<NearWord> near) {}

  public record NearWord(String word, long documents, int edits) {}
}
