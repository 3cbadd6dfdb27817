package io.mosaicdb.benchmarks.text;

import io.mosaicdb.benchmarks.gate.Figures;
import io.mosaicdb.storage.sqlite.ReadOnlyPool;
import io.mosaicdb.storage.sqlite.ReadOnlySettings;
import io.mosaicdb.storage.text.FieldAnalysis;
import io.mosaicdb.storage.text.IndexedField;
import io.mosaicdb.storage.text.IndexedFields;
import io.mosaicdb.storage.text.ScoredDocuments;
import io.mosaicdb.storage.text.TextIndex;
import io.mosaicdb.storage.text.TextIndexMemory;
import io.mosaicdb.storage.text.TextIndexWriter;
import io.mosaicdb.storage.text.TextQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.lucene.search.Query;

/**
 * Builds a shard's word index and a Lucene index of the same documents and asks both the same
 * questions in turn: the median latency of a question is its median over the rounds, a row's the
 * median over its questions. Both rank by BM25 with k1 = 1.2 and b = 0.75 and return ten; ours
 * counts all matches exactly, Lucene stops counting at a thousand.
 */
public final class TextBenchmark {
  private static final int QUESTIONS = 200;
  private static final int WARM_UP = 15;
  private static final int ROUNDS = 21;
  private static final int K = 10;

  private record Row(String name, int words, int leastRank) {}

  /** Rank 50 is the first word in fewer than about a quarter of the documents. */
  private static final List<Row> ROWS =
      List.of(
          new Row("five words, no stop words", 5, 50),
          new Row("five words, stop words", 5, 0),
          new Row("ten words, stop words", 10, 0),
          new Row("two words, no stop words", 2, 50),
          new Row("one word", 1, 50),
          new Row("five less frequent words", 5, 1_000),
          new Row("five rare words", 5, 20_000));

  private final SyntheticDocuments documents = new SyntheticDocuments(42);
  private final int count;
  private final Path folder;

  private TextBenchmark(int count, Path folder) {
    this.count = count;
    this.folder = folder;
  }

  public static void main(String[] arguments) throws Exception {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
    if (count < 1 || count > 1_000_000) {
      throw new IllegalArgumentException("documents must be in [1, 1000000], got " + count);
    }
    var folder = Files.createTempDirectory("mosaic-text-benchmark");
    try {
      new TextBenchmark(count, folder).run();
    } finally {
      delete(folder);
    }
  }

  private void run() throws IOException, SQLException {
    int sample = Math.min(count, 2_000);
    System.out.printf(
        Locale.ROOT,
        "%,d documents of %.0f words, %.0f distinct%n",
        count,
        IntStream.range(0, sample).map(i -> documents.ranks(i).length).average().orElse(0),
        IntStream.range(0, sample)
            .mapToLong(i -> Arrays.stream(documents.ranks(i)).distinct().count())
            .average()
            .orElse(0));
    var shard = folder.resolve("shard.db");
    var lucene = folder.resolve("lucene");
    buildShard(shard);
    buildLucene(lucene);
    var memory = new TextIndexMemory(600L * count);
    try (var cleaner = Executors.newSingleThreadScheduledExecutor();
        var pool = new ReadOnlyPool(shard, ReadOnlySettings.defaults(), cleaner);
        var ours = TextIndex.open(pool, memory);
        var theirs = new LuceneIndex(lucene)) {
      System.out.printf(
          "%n%-28s %10s %10s %7s %9s%n", "", "MosaicDB", "Lucene", "ratio", "top ten");
      for (var row : ROWS) {
        compare(row, ours, theirs);
      }
      System.out.printf(Locale.ROOT, "postings in memory: %.1f MB%n", memory.usedBytes() / 1e6);
    }
  }

  private void buildShard(Path file) throws SQLException, IOException {
    long started = System.nanoTime();
    var writer =
        new TextIndexWriter(
            new IndexedFields(List.of(new IndexedField("text", 1, FieldAnalysis.of("standard")))));
    for (int i = 0; i < count; i++) {
      writer.add(List.of(documents.text(i)));
    }
    long added = System.nanoTime();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      try (var statement = connection.createStatement()) {
        statement.execute("PRAGMA page_size = 16384");
        statement.execute("PRAGMA journal_mode = OFF");
        statement.execute("PRAGMA synchronous = OFF");
      }
      connection.setAutoCommit(false);
      writer.write(connection);
      connection.commit();
    }
    long written = System.nanoTime();
    System.out.printf(
        Locale.ROOT,
        "MosaicDB: built in %.1f us/document (tokenize and invert %.1f, pack and write %.1f), %.1f MB%n",
        (written - started) / 1e3 / count,
        (added - started) / 1e3 / count,
        (written - added) / 1e3 / count,
        Files.size(file) / 1e6);
  }

  private void buildLucene(Path directory) throws IOException {
    long started = System.nanoTime();
    LuceneIndex.build(directory, documents, count);
    long written = System.nanoTime();
    long bytes = 0;
    try (var files = Files.list(directory)) {
      for (var file : files.toList()) {
        bytes += Files.size(file);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "Lucene:   built in %.1f us/document, %.1f MB%n",
        (written - started) / 1e3 / count,
        bytes / 1e6);
    long generating = System.nanoTime();
    int sample = Math.min(count, 20_000);
    long characters = 0;
    for (int i = 0; i < sample; i++) {
      characters += documents.text(i).length();
    }
    System.out.printf(
        Locale.ROOT,
        "of which making the text of %.0f characters: %.1f us/document%n",
        (double) characters / sample,
        (System.nanoTime() - generating) / 1e3 / sample);
  }

  private void compare(Row row, TextIndex ours, LuceneIndex theirs) throws IOException {
    var oursTimes = new long[QUESTIONS][ROUNDS];
    var theirTimes = new long[QUESTIONS][ROUNDS];
    var questions =
        IntStream.range(0, QUESTIONS)
            .mapToObj(i -> documents.question(i, count, row.words, row.leastRank))
            .map(ranks -> ranks.stream().map(documents::word).toList())
            .toList();
    var queries = questions.stream().map(TextBenchmark::query).toList();
    var luceneQueries = questions.stream().map(LuceneIndex::anyOf).toList();
    long matches = 0;
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      for (int i = 0; i < QUESTIONS; i++) {
        long start = System.nanoTime();
        matches += search(ours, queries.get(i)).totalMatches();
        long middle = System.nanoTime();
        matches += theirs.search(luceneQueries.get(i), K).totalHits.value();
        long end = System.nanoTime();
        if (round >= 0) {
          oursTimes[i][round] = middle - start;
          theirTimes[i][round] = end - middle;
        }
      }
    }
    if (matches == 0) {
      throw new IllegalStateException("no question matched anything");
    }
    double oursMedian = median(oursTimes);
    double theirMedian = median(theirTimes);
    System.out.printf(
        Locale.ROOT,
        "%-28s %7.1f us %7.1f us %6.2fx %8.1f%%%n",
        row.name,
        oursMedian / 1e3,
        theirMedian / 1e3,
        theirMedian / oursMedian,
        100 * agreement(queries, luceneQueries, ours, theirs));
    Figures.record("words." + row.name.replaceAll("[^a-z]+", "_"), theirMedian / oursMedian);
  }

  private static TextQuery query(List<String> words) {
    return TextQuery.anyOf(
        words.stream().map(word -> new TextQuery.Term(List.of("text"), word)).toList());
  }

  private static ScoredDocuments search(TextIndex index, TextQuery query) {
    return index.search(query, index.statistics(query), K, null);
  }

  /** The share of Lucene's top ten that is in ours; Lucene rounds lengths of documents. */
  private static double agreement(
      List<TextQuery> queries, List<Query> luceneQueries, TextIndex ours, LuceneIndex theirs)
      throws IOException {
    int common = 0;
    int total = 0;
    for (int i = 0; i < queries.size(); i++) {
      var mine = search(ours, queries.get(i)).ordinals();
      for (int document : theirs.documents(theirs.search(luceneQueries.get(i), K))) {
        total++;
        common += Arrays.stream(mine).anyMatch(ordinal -> ordinal == document) ? 1 : 0;
      }
    }
    return (double) common / total;
  }

  private static double median(long[][] times) {
    return Arrays.stream(times)
        .mapToLong(rounds -> {
          Arrays.sort(rounds);
          return rounds[rounds.length / 2];
        })
        .sorted()
        .skip(times.length / 2)
        .findFirst()
        .orElseThrow();
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
