package io.mosaicdb.storage.text;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.ar.ArabicNormalizationFilter;
import org.apache.lucene.analysis.ar.ArabicStemFilter;
import org.apache.lucene.analysis.bg.BulgarianAnalyzer;
import org.apache.lucene.analysis.bg.BulgarianStemFilter;
import org.apache.lucene.analysis.bn.BengaliAnalyzer;
import org.apache.lucene.analysis.bn.BengaliNormalizationFilter;
import org.apache.lucene.analysis.bn.BengaliStemFilter;
import org.apache.lucene.analysis.ca.CatalanAnalyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.cjk.CJKWidthFilter;
import org.apache.lucene.analysis.core.DecimalDigitFilter;
import org.apache.lucene.analysis.cz.CzechAnalyzer;
import org.apache.lucene.analysis.cz.CzechStemFilter;
import org.apache.lucene.analysis.da.DanishAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.de.GermanNormalizationFilter;
import org.apache.lucene.analysis.el.GreekAnalyzer;
import org.apache.lucene.analysis.el.GreekLowerCaseFilter;
import org.apache.lucene.analysis.el.GreekStemFilter;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.et.EstonianAnalyzer;
import org.apache.lucene.analysis.eu.BasqueAnalyzer;
import org.apache.lucene.analysis.fa.PersianAnalyzer;
import org.apache.lucene.analysis.fa.PersianNormalizationFilter;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.gl.GalicianAnalyzer;
import org.apache.lucene.analysis.gl.GalicianStemFilter;
import org.apache.lucene.analysis.hi.HindiAnalyzer;
import org.apache.lucene.analysis.hi.HindiNormalizationFilter;
import org.apache.lucene.analysis.hi.HindiStemFilter;
import org.apache.lucene.analysis.hu.HungarianAnalyzer;
import org.apache.lucene.analysis.hy.ArmenianAnalyzer;
import org.apache.lucene.analysis.id.IndonesianAnalyzer;
import org.apache.lucene.analysis.id.IndonesianStemFilter;
import org.apache.lucene.analysis.in.IndicNormalizationFilter;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.lt.LithuanianAnalyzer;
import org.apache.lucene.analysis.lv.LatvianAnalyzer;
import org.apache.lucene.analysis.lv.LatvianStemFilter;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.no.NorwegianAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ro.RomanianAnalyzer;
import org.apache.lucene.analysis.ro.RomanianNormalizationFilter;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;
import org.apache.lucene.analysis.tr.ApostropheFilter;
import org.apache.lucene.analysis.tr.TurkishAnalyzer;
import org.apache.lucene.analysis.tr.TurkishLowerCaseFilter;
import org.apache.lucene.analysis.util.ElisionFilter;
import org.tartarus.snowball.ext.ArmenianStemmer;
import org.tartarus.snowball.ext.BasqueStemmer;
import org.tartarus.snowball.ext.CatalanStemmer;
import org.tartarus.snowball.ext.DanishStemmer;
import org.tartarus.snowball.ext.DutchStemmer;
import org.tartarus.snowball.ext.EstonianStemmer;
import org.tartarus.snowball.ext.FinnishStemmer;
import org.tartarus.snowball.ext.FrenchStemmer;
import org.tartarus.snowball.ext.GermanStemmer;
import org.tartarus.snowball.ext.HungarianStemmer;
import org.tartarus.snowball.ext.ItalianStemmer;
import org.tartarus.snowball.ext.LithuanianStemmer;
import org.tartarus.snowball.ext.NorwegianStemmer;
import org.tartarus.snowball.ext.PortugueseStemmer;
import org.tartarus.snowball.ext.RomanianStemmer;
import org.tartarus.snowball.ext.RussianStemmer;
import org.tartarus.snowball.ext.SpanishStemmer;
import org.tartarus.snowball.ext.SwedishStemmer;
import org.tartarus.snowball.ext.TurkishStemmer;

/**
 * The filters of every language, those of Lucene's own analyzer of that language, taken apart so
 * that a field can do without stemming or without stop words.
 */
final class Languages {
  /**
   * One language: {@code before} runs first (elision, digits, width), then {@code lower}, then the
   * stop words are removed, {@code normalize} unifies spellings, and {@code stem} ends the chain.
   * {@code pairs}: whether {@code normalize} makes overlapping pairs of characters.
   */
  record Language(
      UnaryOperator<TokenStream> before,
      UnaryOperator<TokenStream> lower,
      CharArraySet stopWords,
      UnaryOperator<TokenStream> normalize,
      UnaryOperator<TokenStream> stem,
      boolean pairs) {
    Language(
        UnaryOperator<TokenStream> before,
        UnaryOperator<TokenStream> lower,
        CharArraySet stopWords,
        UnaryOperator<TokenStream> normalize,
        UnaryOperator<TokenStream> stem) {
      this(before, lower, stopWords, normalize, stem, false);
    }

    /** Without a form of words that is not reached by lower case. */
    Language(
        CharArraySet stopWords,
        UnaryOperator<TokenStream> normalize,
        UnaryOperator<TokenStream> stem) {
      this(NOTHING, LOWER, stopWords, normalize, stem, false);
    }

    @SuppressWarnings("ReferenceEquality") // a function has no other equality
    boolean unifiesSpellings() {
      return normalize != NOTHING;
    }

    @SuppressWarnings("ReferenceEquality") // a function has no other equality
    boolean stems() {
      return stem != NOTHING;
    }
  }

  private static final UnaryOperator<TokenStream> NOTHING = UnaryOperator.identity();
  private static final UnaryOperator<TokenStream> LOWER = LowerCaseFilter::new;
  private static final Map<String, Language> ALL = all();

  private Languages() {}

  static Language require(String code) {
    var language = ALL.get(code);
    if (language == null) {
      throw new IllegalArgumentException(
          "unknown language \"" + code + "\", known are " + String.join(", ", ALL.keySet()));
    }
    return language;
  }

  static Set<String> codes() {
    return ALL.keySet();
  }

  private static Map<String, Language> all() {
    var all = new TreeMap<String, Language>();
    all.put("standard", new Language(CharArraySet.EMPTY_SET, NOTHING, NOTHING));
    all.put(
        "ar",
        new Language(
            DecimalDigitFilter::new,
            LOWER,
            ArabicAnalyzer.getDefaultStopSet(),
            ArabicNormalizationFilter::new,
            ArabicStemFilter::new));
    all.put(
        "bg",
        new Language(BulgarianAnalyzer.getDefaultStopSet(), NOTHING, BulgarianStemFilter::new));
    all.put(
        "bn",
        new Language(
            DecimalDigitFilter::new,
            LOWER,
            BengaliAnalyzer.getDefaultStopSet(),
            in -> new BengaliNormalizationFilter(new IndicNormalizationFilter(in)),
            BengaliStemFilter::new));
    all.put(
        "ca",
        new Language(
            in -> new ElisionFilter(in, articles("d", "l", "m", "n", "s", "t")),
            LOWER,
            CatalanAnalyzer.getDefaultStopSet(),
            NOTHING,
            in -> new SnowballFilter(in, new CatalanStemmer())));
    all.put("cs", new Language(CzechAnalyzer.getDefaultStopSet(), NOTHING, CzechStemFilter::new));
    all.put(
        "da",
        new Language(
            DanishAnalyzer.getDefaultStopSet(),
            NOTHING,
            in -> new SnowballFilter(in, new DanishStemmer())));
    all.put(
        "de",
        new Language(
            GermanAnalyzer.getDefaultStopSet(),
            GermanNormalizationFilter::new,
            in -> new SnowballFilter(in, new GermanStemmer())));
    all.put(
        "el",
        new Language(
            NOTHING,
            GreekLowerCaseFilter::new,
            GreekAnalyzer.getDefaultStopSet(),
            NOTHING,
            GreekStemFilter::new));
    all.put(
        "en",
        new Language(
            EnglishPossessiveFilter::new,
            LOWER,
            EnglishAnalyzer.ENGLISH_STOP_WORDS_SET,
            NOTHING,
            PorterStemFilter::new));
    all.put(
        "es",
        new Language(
            SpanishAnalyzer.getDefaultStopSet(),
            NOTHING,
            in -> new SnowballFilter(in, new SpanishStemmer())));
    all.put(
        "et",
        new Language(
            EstonianAnalyzer.getDefaultStopSet(),
            NOTHING,
            in -> new SnowballFilter(in, new EstonianStemmer())));
    all.put(
        "eu",
        new Language(
            BasqueAnalyzer.getDefaultStopSet(),
            NOTHING,
            in -> new SnowballFilter(in, new BasqueStemmer())));
    all.put(
        "fa",
        new Language(
            DecimalDigitFilter::new,
            LOWER,
            PersianAnalyzer.getDefaultStopSet(),
            in -> new PersianNormalizationFilter(new ArabicNormalizationFilter(in)),
            NOTHING));
    all.put(
        "fi",
        new Language(
            FinnishAnalyzer.getDefaultStopSet(),
            NOTHING,
            in -> new SnowballFilter(in, new FinnishStemmer())));
    all.put(
        "fr",
        new Language(
            in -> new ElisionFilter(in, FrenchAnalyzer.DEFAULT_ARTICLES),
            LOWER,
            FrenchAnalyzer.getDefaultStopSet(),
            NOTHING,
            in -> new SnowballFilter(in, new FrenchStemmer())));
    all.put(
        "gl", new Language(GalicianAnalyzer.getDefaultStopSet(), NOTHING, GalicianStemFilter::new));
    all.put(
        "hi",
        new Language(
            DecimalDigitFilter::new,
            LOWER,
            HindiAnalyzer.getDefaultStopSet(),
            in -> new HindiNormalizationFilter(new IndicNormalizationFilter(in)),
            HindiStemFilter::new));
    all.put(
        "hu",
        new Language(
            HungarianAnalyzer.getDefaultStopSet(),
            NOTHING,
            in -> new SnowballFilter(in, new HungarianStemmer())));
    all.put(
        "hy",
        new Language(
            ArmenianAnalyzer.getDefaultStopSet(),
            NOTHING,
            in -> new SnowballFilter(in, new ArmenianStemmer())));
    all.put(
        "id",
        new Language(IndonesianAnalyzer.getDefaultStopSet(), NOTHING, IndonesianStemFilter::new));
    all.put(
        "it",
        new Language(
            in ->
                new ElisionFilter(
                    in,
                    articles(
                        "c", "l", "all", "dall", "dell", "nell", "sull", "coll", "pell", "gl",
                        "agl", "dagl", "degl", "negl", "sugl", "un", "m", "t", "s", "v", "d")),
            LOWER,
            ItalianAnalyzer.getDefaultStopSet(),
            NOTHING,
            in -> new SnowballFilter(in, new ItalianStemmer())));
    all.put(
        "lt",
        new Language(
            LithuanianAnalyzer.getDefaultStopSet(),
            NOTHING,
            in -> new SnowballFilter(in, new LithuanianStemmer())));
    all.put(
        "lv", new Language(LatvianAnalyzer.getDefaultStopSet(), NOTHING, LatvianStemFilter::new));
    all.put(
        "nl",
        new Language(
            DutchAnalyzer.getDefaultStopSet(),
            NOTHING,
            in -> new SnowballFilter(in, new DutchStemmer())));
    all.put(
        "no",
        new Language(
            NorwegianAnalyzer.getDefaultStopSet(),
            NOTHING,
            in -> new SnowballFilter(in, new NorwegianStemmer())));
    all.put(
        "pt",
        new Language(
            PortugueseAnalyzer.getDefaultStopSet(),
            NOTHING,
            in -> new SnowballFilter(in, new PortugueseStemmer())));
    all.put(
        "ro",
        new Language(
            RomanianAnalyzer.getDefaultStopSet(),
            RomanianNormalizationFilter::new,
            in -> new SnowballFilter(in, new RomanianStemmer())));
    all.put(
        "ru",
        new Language(
            RussianAnalyzer.getDefaultStopSet(),
            NOTHING,
            in -> new SnowballFilter(in, new RussianStemmer())));
    all.put(
        "sv",
        new Language(
            SwedishAnalyzer.getDefaultStopSet(),
            NOTHING,
            in -> new SnowballFilter(in, new SwedishStemmer())));
    all.put(
        "tr",
        new Language(
            ApostropheFilter::new,
            TurkishLowerCaseFilter::new,
            TurkishAnalyzer.getDefaultStopSet(),
            NOTHING,
            in -> new SnowballFilter(in, new TurkishStemmer())));
    // No dictionary is needed: overlapping pairs of characters find any word of two or more.
    var pairs =
        new Language(
            CJKWidthFilter::new,
            LOWER,
            CJKAnalyzer.getDefaultStopSet(),
            CJKBigramFilter::new,
            NOTHING,
            /* pairs= */ true);
    all.put("ja", pairs);
    all.put("ko", pairs);
    all.put("zh", pairs);
    return Collections.unmodifiableMap(all);
  }

  private static CharArraySet articles(String... articles) {
    return CharArraySet.unmodifiableSet(
        new CharArraySet(java.util.List.of(articles), /* ignoreCase= */ true));
  }
}
