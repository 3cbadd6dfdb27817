package io.mosaicdb.storage.text;

import io.mosaicdb.model.schema.StopWords;
import io.mosaicdb.model.schema.TextField;

/**
 * How the words of a field are found.
 *
 * @param language a code of {@link TextAnalysis#languages()}
 * @param stemming whether inflected forms are reduced to a stem
 * @param stopWords which words are left out
 * @param caseSensitive whether letters keep their case
 * @param folding whether Latin letters lose their diacritics
 * @param maxTokenLength longer words are cut into pieces of that many characters
 */
public record FieldAnalysis(
    String language,
    boolean stemming,
    StopWords stopWords,
    boolean caseSensitive,
    boolean folding,
    int maxTokenLength) {
  public FieldAnalysis {
    Languages.require(language);
  }

  /** Words as the language has them, without options of one's own. */
  public FieldAnalysis(String language, boolean stemming, boolean stopWords) {
    this(
        language, stemming, StopWords.of(stopWords), false, false, TextField.STANDARD_TOKEN_LENGTH);
  }

  /** The language with its stemmer and its stop words. */
  public static FieldAnalysis of(String language) {
    return new FieldAnalysis(language, true, true);
  }

  public static FieldAnalysis of(TextField field) {
    return new FieldAnalysis(
        field.language(),
        field.stemming(),
        field.stopWords(),
        field.caseSensitive(),
        field.folding(),
        field.maxTokenLength());
  }

  /** The same words with all of their forms apart and none left out. */
  FieldAnalysis asTyped() {
    return new FieldAnalysis(
        language, false, new StopWords.None(), caseSensitive, folding, maxTokenLength);
  }
}
