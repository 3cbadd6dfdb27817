package io.mosaicdb.benchmarks.text;

import io.mosaicdb.storage.text.FieldAnalysis;
import io.mosaicdb.storage.text.TextAnalysis;
import io.mosaicdb.storage.text.Token;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * Compares our analyzers with Snowball's own word lists: each word of {@code voc.txt.gz} must give
 * the stem that {@code output.txt.gz} has in the same line. Prints what differs, and why: where our
 * analysis unifies spellings before it stems, the stem of a word is that of its unified spelling.
 */
public final class SnowballVocabulary {
  private static final Map<String, String> LANGUAGES = languages();
  private static final int EXAMPLES = 5;

  private SnowballVocabulary() {}

  // English is Porter's first stemmer here.
  private static Map<String, String> languages() {
    var languages = new LinkedHashMap<String, String>();
    languages.put("porter", "en");
    languages.put("french", "fr");
    languages.put("german", "de");
    languages.put("russian", "ru");
    languages.put("spanish", "es");
    return languages;
  }

  /** Argument: the folder with a folder for each language. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      throw new IllegalArgumentException("say where the folders porter, german, … are");
    }
    var data = Path.of(arguments[0]);
    System.out.printf(
        "%-8s %4s %8s %8s %10s %10s %10s  %s%n",
        "list", "", "words", "equal", "unified", "several", "other", "examples of other");
    for (var language : LANGUAGES.entrySet()) {
      var folder = data.resolve(language.getKey());
      if (Files.isDirectory(folder)) {
        compare(folder, language.getKey(), language.getValue());
      }
    }
  }

  private static void compare(Path folder, String name, String language) throws IOException {
    var words = lines(folder.resolve("voc.txt.gz"));
    var stems = lines(folder.resolve("output.txt.gz"));
    if (words.size() != stems.size()) {
      throw new IOException(
          folder + " has %d words, %d stems".formatted(words.size(), stems.size()));
    }
    var stemming = TextAnalysis.of(new FieldAnalysis(language, true, false));
    var spelling = TextAnalysis.of(new FieldAnalysis(language, false, false));
    int equal = 0;
    int unified = 0;
    int several = 0;
    var others = new ArrayList<String>();
    for (int i = 0; i < words.size(); i++) {
      var terms = terms(stemming, words.get(i));
      if (terms.equals(List.of(stems.get(i)))) {
        equal++;
      } else if (terms.size() != 1) {
        several++;
      } else if (!terms(spelling, words.get(i)).equals(List.of(words.get(i)))) {
        unified++;
      } else {
        others.add(words.get(i) + ": " + terms.getFirst() + " not " + stems.get(i));
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%-8s %4s %8d %8d %10d %10d %10d  %s%n",
        name,
        language,
        words.size(),
        equal,
        unified,
        several,
        others.size(),
        others.stream().limit(EXAMPLES).toList());
  }

  private static List<String> terms(TextAnalysis analysis, String word) {
    return analysis.analyze(word).stream().map(Token::term).toList();
  }

  private static List<String> lines(Path file) throws IOException {
    try (var reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }
}
