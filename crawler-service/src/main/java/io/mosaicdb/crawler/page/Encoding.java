package io.mosaicdb.crawler.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An encoding of the web, by its name in the Encoding Standard, and Java's decoder for it. Pages
 * that say ISO-8859-1 mean windows-1252, and so on: the standard's labels say what browsers do.
 */
record Encoding(String name, Charset charset) {
  private static final Map<String, Encoding> BY_LABEL = load();

  static final Encoding UTF_8 = named("utf-8");
  static final Encoding UTF_16BE = named("utf-16be");
  static final Encoding UTF_16LE = named("utf-16le");

  /** What browsers take for a page of which nothing is known. */
  static final Encoding WINDOWS_1252 = named("windows-1252");

  /**
   * The encoding of a label such as {@code " Latin1"}; empty for one that nobody knows or Java
   * cannot decode.
   */
  static Optional<Encoding> find(String label) {
    return Optional.ofNullable(BY_LABEL.get(label.strip().toLowerCase(Locale.ROOT)));
  }

  /**
   * UTF-16 is told by its byte order mark alone: a document in which a label can be read is not
   * UTF-16.
   */
  Encoding asWrittenInBytes() {
    return equals(UTF_16BE) || equals(UTF_16LE) ? UTF_8 : this;
  }

  private static Encoding named(String label) {
    return find(label).orElseThrow(() -> new IllegalStateException("encodings.txt lacks " + label));
  }

  private static Map<String, Encoding> load() {
    Map<String, Encoding> byLabel = new HashMap<>();
    try (InputStream in = Encoding.class.getResourceAsStream("encodings.txt")) {
      if (in == null) {
        throw new IllegalStateException("encodings.txt is missing beside Encoding.class");
      }
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        String[] words = line.strip().split(" ", -1);
        if (words.length < 3 || line.startsWith("#") || !Charset.isSupported(words[1])) {
          continue;
        }
        Encoding encoding = new Encoding(words[0], Charset.forName(words[1]));
        for (int i = 2; i < words.length; i++) {
          byLabel.put(words[i], encoding);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("encodings.txt", e);
    }
    return Map.copyOf(byLabel);
  }
}
