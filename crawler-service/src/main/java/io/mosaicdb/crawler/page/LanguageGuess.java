package io.mosaicdb.crawler.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import org.apache.tika.langdetect.optimaize.OptimaizeLangDetector;
import org.apache.tika.language.detect.LanguageDetector;
import org.apache.tika.language.detect.LanguageResult;

/**
 * Tells the language of a text that nobody labelled, by its letter sequences. The profiles of the
 * languages that can be indexed in their own way are read when the first such text comes.
 */
final class LanguageGuess {
  private static final Set<String> LANGUAGES =
      Set.of(
          "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr",
          "gl", "hi", "hu", "id", "it", "ja", "ko", "lt", "lv", "nl", "no", "pl", "pt", "ro", "ru",
          "sk", "sr", "sv", "th", "tr", "uk", "vi", "zh-CN", "zh-TW", "he");

  /** Shorter texts are guessed wrongly too often. */
  private static final int MIN_LETTERS = 60;

  private static final int MAX_LENGTH = 4_000;

  private LanguageGuess() {}

  /** Holder idiom: the profiles take a second to read. */
  private static final class Loaded {
    private static final LanguageDetector DETECTOR = load();

    private static LanguageDetector load() {
      try {
        return new OptimaizeLangDetector().loadModels(LANGUAGES);
      } catch (IOException e) {
        throw new UncheckedIOException("language profiles", e);
      }
    }
  }

  /** The primary subtag of the language that a text is in; empty where that is not certain. */
  static Optional<String> of(String text) {
    String start = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) : text;
    if (start.chars().filter(Character::isLetter).count() < MIN_LETTERS) {
      return Optional.empty();
    }
    // The detector collects text in fields of its own.
    synchronized (Loaded.DETECTOR) {
      LanguageResult result = Loaded.DETECTOR.detect(start);
      if (result.isUnknown() || !result.isReasonablyCertain()) {
        return Optional.empty();
      }
      String language = result.getLanguage();
      int region = language.indexOf('-');
      return Optional.of(region < 0 ? language : language.substring(0, region));
    }
  }
}
