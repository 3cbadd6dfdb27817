package io.mosaicdb.model.schema;

/**
 * A field that is searched by words.
 *
 * @param weight multiplies the field's part of the BM25 score; above 0, at most 1,000
 * @param language an analyzer's language code, such as {@code en}; {@code standard} neither stems
 *     nor drops stop words
 * @param stemming whether inflected forms match each other
 * @param stopWords whether the language's stop words are dropped
 */
public record TextField(double weight, String language, boolean stemming, boolean stopWords) {
  public static final double MAX_WEIGHT = 1000;

  public TextField {
    if (!(weight > 0 && weight <= MAX_WEIGHT)) {
      throw new IllegalArgumentException(
          "weight must be above 0 and at most " + MAX_WEIGHT + ", got " + weight);
    }
    if (language.isEmpty()) {
      throw new IllegalArgumentException("language must not be empty");
    }
  }
}
