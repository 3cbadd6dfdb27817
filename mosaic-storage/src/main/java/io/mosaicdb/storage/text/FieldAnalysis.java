package io.mosaicdb.storage.text;

/**
 * How the words of a field are found: a language code of {@link TextAnalysis#languages()}, whether
 * inflected forms are reduced to a stem, and whether the language's stop words are left out.
 */
public record FieldAnalysis(String language, boolean stemming, boolean stopWords) {
  public FieldAnalysis {
    Languages.require(language);
  }

  /** The language with its stemmer and its stop words. */
  public static FieldAnalysis of(String language) {
    return new FieldAnalysis(language, true, true);
  }
}
