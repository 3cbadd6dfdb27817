package io.mosaicdb.storage.text;

import io.mosaicdb.model.schema.StopWords;
import io.mosaicdb.model.schema.TextField;
import io.mosaicdb.storage.hash.ContentHash;
import io.mosaicdb.storage.text.Languages.Language;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.util.Version;
import org.jspecify.annotations.Nullable;

/**
 * Turns text into terms: Unicode normal form C, Lucene's word breaks (UAX #29), then the filters of
 * a {@link FieldAnalysis}. The same text gives the same terms in documents and in queries.
 *
 * <p>Thread-safe. Filter chains are kept in a pool, not per thread, so that short-lived (virtual)
 * threads do not build one each.
 */
public final class TextAnalysis {
  /** Raised when our own part of the analysis changes which terms a text has. */
  private static final int REVISION = 1;

  private static final int STOP_WORDS_ID = 12;

  private final FieldAnalysis analysis;
  private final ConcurrentLinkedQueue<Chain> idle = new ConcurrentLinkedQueue<>();

  private TextAnalysis(FieldAnalysis analysis) {
    this.analysis = analysis;
  }

  public static TextAnalysis of(FieldAnalysis analysis) {
    return new TextAnalysis(analysis);
  }

  /** The language codes that can be asked for, sorted; "standard" has no stemmer nor stop words. */
  public static Set<String> languages() {
    return Languages.codes();
  }

  public FieldAnalysis analysis() {
    return analysis;
  }

  /**
   * Names everything that decides which terms a text has; two indexes may be searched with one
   * query only if theirs are equal.
   */
  public String analyzerId() {
    return analysis.language()
        + (analysis.stemming() ? "+stem" : "")
        + stopWordsId()
        + (analysis.caseSensitive() ? "+case" : "")
        + (analysis.folding() ? "+fold" : "")
        + (analysis.maxTokenLength() == TextField.STANDARD_TOKEN_LENGTH
            ? ""
            : "+max" + analysis.maxTokenLength())
        + "/lucene-"
        + Version.LATEST.major
        + "."
        + Version.LATEST.minor
        + "/"
        + REVISION;
  }

  private String stopWordsId() {
    return switch (analysis.stopWords()) {
      case StopWords.None _ -> "";
      case StopWords.OfLanguage _ -> "+stop";
      case StopWords.Listed listed ->
          "+stop-"
              + ContentHash.base32OfBytes(
                      String.join("\n", listed.words()).getBytes(StandardCharsets.UTF_8))
                  .substring(0, STOP_WORDS_ID);
    };
  }

  /**
   * Whether the words of a text may differ from its terms, so that they are kept beside them to be
   * completed, corrected and suggested.
   */
  boolean keepsWords() {
    return keepsWords(analysis);
  }

  private static boolean keepsWords(FieldAnalysis analysis) {
    var language = Languages.require(analysis.language());
    return !language.pairs()
        && (language.unifiesSpellings() || (analysis.stemming() && language.stems()));
  }

  /** Whether words are made of overlapping pairs of characters. */
  boolean makesPairs() {
    return Languages.require(analysis.language()).pairs();
  }

  /** A token and the word that its term was made of. */
  record WordToken(String word, Token token) {}

  List<WordToken> analyzeWords(String text) {
    var tokens = new ArrayList<WordToken>();
    forEachToken(
        text,
        new TokenSink() {
          private String word = "";

          @Override
          public void acceptWord(char[] letters, int length) {
            word = new String(letters, 0, length);
          }

          @Override
          public void accept(char[] letters, int length, int position, int start, int end) {
            var term = new String(letters, 0, length);
            tokens.add(
                new WordToken(keepsWords() ? word : term, new Token(term, position, start, end)));
          }
        });
    return tokens;
  }

  public List<Token> analyze(String text) {
    var tokens = new ArrayList<Token>();
    forEachToken(
        text,
        (term, length, position, start, end) ->
            tokens.add(new Token(new String(term, 0, length), position, start, end)));
    return tokens;
  }

  void forEachToken(String text, TokenSink sink) {
    var chain = idle.poll();
    if (chain == null) {
      chain = new Chain(analysis);
    }
    try {
      chain.run(NormalizedText.of(text), sink);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // A chain that threw is dropped: its filters may hold half a text.
    idle.offer(chain);
  }

  private static final class Chain {
    private final StandardTokenizer tokenizer = new StandardTokenizer();
    private final TokenStream stream;
    private final @Nullable WordTap words;
    private final CharTermAttribute term;
    private final PositionIncrementAttribute increment;
    private final OffsetAttribute offset;

    @SuppressWarnings("resource") // the last filter closes those it wraps
    Chain(FieldAnalysis analysis) {
      var language = Languages.require(analysis.language());
      tokenizer.setMaxTokenLength(analysis.maxTokenLength());
      TokenStream filtered = language.before().apply(tokenizer);
      if (!analysis.caseSensitive()) {
        filtered = language.lower().apply(filtered);
      }
      if (analysis.folding()) {
        // Before stop words and stems, so that words that fold alike have one term.
        filtered = new ASCIIFoldingFilter(filtered);
      }
      var stopWords = stopWords(analysis, language);
      if (!stopWords.isEmpty()) {
        filtered = new StopFilter(filtered, stopWords);
      }
      words = keepsWords(analysis) ? new WordTap(filtered) : null;
      filtered = language.normalize().apply(words == null ? filtered : words);
      stream = analysis.stemming() ? language.stem().apply(filtered) : filtered;
      term = stream.addAttribute(CharTermAttribute.class);
      increment = stream.addAttribute(PositionIncrementAttribute.class);
      offset = stream.addAttribute(OffsetAttribute.class);
    }

    private static CharArraySet stopWords(FieldAnalysis analysis, Language language) {
      var words =
          switch (analysis.stopWords()) {
            case StopWords.None _ -> CharArraySet.EMPTY_SET;
            case StopWords.OfLanguage _ -> language.stopWords();
            case StopWords.Listed listed -> new CharArraySet(listed.words(), true);
          };
      if (!analysis.caseSensitive() && !analysis.folding()) {
        return words;
      }
      var unified = new CharArraySet(words.size(), /* ignoreCase= */ true);
      for (Object word : words) {
        unified.add(analysis.folding() ? folded((char[]) word) : word);
      }
      return unified;
    }

    private static String folded(char[] word) {
      var folded = new char[word.length * 4];
      return new String(folded, 0, ASCIIFoldingFilter.foldToASCII(word, 0, folded, 0, word.length));
    }

    void run(NormalizedText text, TokenSink sink) throws IOException {
      tokenizer.setReader(new StringReader(text.text()));
      stream.reset();
      int position = -1;
      while (stream.incrementToken()) {
        position += increment.getPositionIncrement();
        if (term.length() > 0) {
          if (words != null) {
            sink.acceptWord(words.word(), words.length());
          }
          sink.accept(
              term.buffer(),
              term.length(),
              Math.max(position, 0),
              text.originalStart(offset.startOffset()),
              text.originalEnd(offset.endOffset()));
        }
      }
      stream.end();
      stream.close();
    }
  }
}
