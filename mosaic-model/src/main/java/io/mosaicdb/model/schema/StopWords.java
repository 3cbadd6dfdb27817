package io.mosaicdb.model.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The words of a text field that are too common to search by. */
public sealed interface StopWords {
  /** No word is left out. */
  record None() implements StopWords {}

  /** The field's language has its own list. */
  record OfLanguage() implements StopWords {}

  /** A list of one's own instead of the language's; compared without regard to case. */
  record Listed(List<String> words) implements StopWords {
    public static final int MAX_WORDS = 2_000;
    public static final int MAX_LENGTH = 64;

    /** Sorts {@code words}: their order means nothing. */
    public Listed {
      if (words.isEmpty()) {
        throw new IllegalArgumentException("stop_words must have a word, or be false for none");
      }
      if (words.size() > MAX_WORDS) {
        throw new IllegalArgumentException(
            "stop_words may have " + MAX_WORDS + " words, got " + words.size());
      }
      for (String word : words) {
        if (word.isEmpty()
            || word.length() > MAX_LENGTH
            || word.chars().anyMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c))) {
          throw new IllegalArgumentException(
              "stop_words are single words of 1 to "
                  + MAX_LENGTH
                  + " characters, got '"
                  + word
                  + "'");
        }
      }
      words = List.copyOf(new TreeSet<>(words));
    }
  }

  /** The language's list or none. */
  static StopWords of(boolean dropped) {
    return dropped ? new OfLanguage() : new None();
  }

  /**
   * Reads true (or null), false, or a list of words.
   *
   * @throws IllegalArgumentException for anything else, saying so
   */
  static StopWords parse(@Nullable Object json) {
    return switch (json) {
      case null -> new OfLanguage();
      case Boolean dropped -> of(dropped);
      case List<?> list -> {
        var words = new ArrayList<String>();
        for (Object word : list) {
          if (!(word instanceof String string)) {
            throw new IllegalArgumentException("stop_words must be strings, got " + word);
          }
          words.add(string);
        }
        yield new Listed(words);
      }
      default ->
          throw new IllegalArgumentException(
              "stop_words must be true, false or a list of words, got " + json);
    };
  }

  /** What {@link #parse} reads. */
  default Object toJson() {
    return switch (this) {
      case None _ -> false;
      case OfLanguage _ -> true;
      case Listed listed -> listed.words();
    };
  }
}
