package io.mosaicdb.model.schema;

import java.util.List;

/**
 * A field that is searched by words.
 *
 * @param weight multiplies the field's part of the BM25 score; above 0, at most 1,000
 * @param language an analyzer's language code, such as {@code en}; {@code standard} neither stems
 *     nor drops stop words
 * @param stemming whether inflected forms match each other
 * @param stopWords which words are dropped
 * @param synonyms rules, one each: {@code "car, automobile"} (each finds the others) or {@code
 *     "phone => iphone, android"} (the left also finds the right); used by queries, so that a
 *     change needs no new index
 * @param caseSensitive whether {@code US} and {@code us} are two words
 * @param folding whether letters with diacritics match those without
 * @param maxTokenLength longer words are cut into pieces of that many characters
 */
public record TextField(
    double weight,
    String language,
    boolean stemming,
    StopWords stopWords,
    List<String> synonyms,
    boolean caseSensitive,
    boolean folding,
    int maxTokenLength) {
  public static final double MAX_WEIGHT = 1000;
  public static final int MAX_SYNONYMS = 2_000;
  public static final int MAX_SYNONYM_LENGTH = 1_000;
  public static final int STANDARD_TOKEN_LENGTH = 255;
  public static final int MAX_TOKEN_LENGTH = 1_000;

  public TextField {
    if (!(weight > 0 && weight <= MAX_WEIGHT)) {
      throw new IllegalArgumentException(
          "weight must be above 0 and at most " + MAX_WEIGHT + ", got " + weight);
    }
    if (language.isEmpty()) {
      throw new IllegalArgumentException("language must not be empty");
    }
    if (synonyms.size() > MAX_SYNONYMS) {
      throw new IllegalArgumentException(
          "synonyms may have " + MAX_SYNONYMS + " rules, got " + synonyms.size());
    }
    for (String rule : synonyms) {
      if (rule.length() > MAX_SYNONYM_LENGTH) {
        throw new IllegalArgumentException(
            "synonyms have rules of at most "
                + MAX_SYNONYM_LENGTH
                + " characters, got "
                + rule.length());
      }
    }
    synonyms = List.copyOf(synonyms);
    if (maxTokenLength < 1 || maxTokenLength > MAX_TOKEN_LENGTH) {
      throw new IllegalArgumentException(
          "max_token_length must be between 1 and " + MAX_TOKEN_LENGTH + ", got " + maxTokenLength);
    }
  }

  /** Without options that change what a word is. */
  public TextField(double weight, String language, boolean stemming, boolean stopWords) {
    this(
        weight,
        language,
        stemming,
        StopWords.of(stopWords),
        List.of(),
        false,
        false,
        STANDARD_TOKEN_LENGTH);
  }
}
