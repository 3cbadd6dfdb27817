package io.mosaicdb.storage.text;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.util.Version;

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
        + (analysis.stopWords() ? "+stop" : "")
        + "/lucene-"
        + Version.LATEST.major
        + "."
        + Version.LATEST.minor
        + "/"
        + REVISION;
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
    private final CharTermAttribute term;
    private final PositionIncrementAttribute increment;
    private final OffsetAttribute offset;

    @SuppressWarnings("resource") // the last filter closes those it wraps
    Chain(FieldAnalysis analysis) {
      var language = Languages.require(analysis.language());
      TokenStream filtered = language.fold().apply(tokenizer);
      if (analysis.stopWords() && !language.stopWords().isEmpty()) {
        filtered = new StopFilter(filtered, language.stopWords());
      }
      filtered = language.normalize().apply(filtered);
      stream = analysis.stemming() ? language.stem().apply(filtered) : filtered;
      term = stream.addAttribute(CharTermAttribute.class);
      increment = stream.addAttribute(PositionIncrementAttribute.class);
      offset = stream.addAttribute(OffsetAttribute.class);
    }

    void run(NormalizedText text, TokenSink sink) throws IOException {
      tokenizer.setReader(new StringReader(text.text()));
      stream.reset();
      int position = -1;
      while (stream.incrementToken()) {
        position += increment.getPositionIncrement();
        if (term.length() > 0) {
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
