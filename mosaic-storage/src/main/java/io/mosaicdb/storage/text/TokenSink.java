package io.mosaicdb.storage.text;

/** Receives tokens without a string for each: the buffers are only valid during the call. */
interface TokenSink {
  void accept(char[] term, int length, int position, int start, int end);

  /**
   * The word that the next token's term was made of, before spellings were unified and inflections
   * removed. Called only by an analysis whose {@link TextAnalysis#keepsWords() words} may differ
   * from its terms.
   */
  default void acceptWord(char[] word, int length) {}
}
