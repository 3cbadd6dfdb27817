package io.mosaicdb.storage.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.model.schema.StopWords;
import io.mosaicdb.storage.sqlite.ReadOnlyPool;
import io.mosaicdb.storage.sqlite.ReadOnlySettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextIndexTest extends AbstractTextSegmentTest {
  private static final TextQueryParser PARSER = new TextQueryParser(TITLE_AND_TEXT);

  @TempDir Path folder;
  private final List<ReadOnlyPool> pools = new ArrayList<>();
  private final ScheduledExecutorService cleaner = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void closeAll() {
    pools.forEach(ReadOnlyPool::close);
    cleaner.shutdownNow();
  }

  @Override
  TextSegment segment(IndexedFields fields, List<List<String>> documents) {
    return open(write(fields, documents), new TextIndexMemory(1 << 20), AccumulatorKernel.FASTEST);
  }

  @Test
  void writesTheSameBytesForTheSameDocuments() throws IOException {
    var documents = randomDocuments(new Random(5), 300);

    assertThat(Files.readAllBytes(write(TITLE_AND_TEXT, documents)))
        .isEqualTo(Files.readAllBytes(write(TITLE_AND_TEXT, documents)));
  }

  @Test
  void scoresExactlyLikeALiveIndexAcrossBlocksDenseAndSparse() {
    // More documents than a block holds, and terms on both sides of every threshold.
    var random = new Random(21);
    var documents = new ArrayList<List<String>>();
    for (int i = 0; i < 70_000; i++) {
      var text = new StringBuilder();
      for (int j = random.nextInt(8); j >= 0; j--) {
        text.append(randomWord(random)).append(' ');
      }
      text.append(i % 3 == 0 ? "third " : "").append(i % 10_000 == 0 ? "rare" : "");
      documents.add(List.of(i % 50 == 0 ? "third title" : "", text.toString()));
    }
    var live = new LiveTextIndex(TITLE_AND_TEXT);
    documents.forEach(live::add);
    var view = live.view(documents.size());
    var file = write(TITLE_AND_TEXT, documents);
    var memory = new TextIndexMemory(10 << 20);
    for (var kernel : List.of(new ScalarAccumulatorKernel(), AccumulatorKernel.FASTEST)) {
      var sealed = open(file, memory, kernel);
      for (var text :
          List.of(
              "w0 w1 w2 w30 third",
              "rare",
              "third rare w59",
              "\"third title\"",
              "+third +w0 -w1",
              "title:third w20",
              "\"w0 w1\" rare")) {
        var query = PARSER.parse(text);

        var found = search(sealed, query, 20, null);

        var expected = search(view, query, 20, null);
        assertThat(sealed.statistics(query)).as(text).isEqualTo(view.statistics(query));
        assertThat(found.scores()).as(text).isEqualTo(expected.scores());
        assertThat(found.totalMatches()).as(text).isEqualTo(expected.totalMatches());
      }
    }
  }

  @Test
  void staysWithinItsMemoryAndAnswersTheSame() {
    var file = write(TITLE_AND_TEXT, randomDocuments(new Random(8), 2_000));
    var roomy = open(file, new TextIndexMemory(10 << 20), AccumulatorKernel.FASTEST);
    var memory = new TextIndexMemory(20_000);
    var tight = open(file, memory, AccumulatorKernel.FASTEST);

    for (int i = 0; i < 60; i++) {
      var query = PARSER.parse("w" + i + " w" + (i * 7 % 60));
      assertThat(search(tight, query, 10, null).scores())
          .isEqualTo(search(roomy, query, 10, null).scores());
      assertThat(memory.usedBytes()).isLessThanOrEqualTo(20_000);
    }
  }

  @Test
  void answersManyThreadsAtOnce() throws Exception {
    var file = write(TITLE_AND_TEXT, randomDocuments(new Random(9), 3_000));
    var index = open(file, new TextIndexMemory(30_000), AccumulatorKernel.FASTEST);
    var expected = search(index, PARSER.parse("w1 w20 \"w0 w1\""), 10, null);
    try (var executor = Executors.newFixedThreadPool(4)) {
      Callable<ScoredDocuments> searching =
          () -> {
            ScoredDocuments last = ScoredDocuments.NONE;
            for (int i = 0; i < 100; i++) {
              search(index, "w" + i % 60);
              last = search(index, PARSER.parse("w1 w20 \"w0 w1\""), 10, null);
            }
            return last;
          };
      for (var result : executor.invokeAll(List.of(searching, searching, searching, searching))) {
        assertThat(result.get().ordinals()).isEqualTo(expected.ordinals());
        assertThat(result.get().scores()).isEqualTo(expected.scores());
      }
    }
  }

  @Test
  void answersAQuestionOfHundredsOfWordsExactly() {
    var random = new Random(31);
    var documents = new ArrayList<List<String>>();
    for (int i = 0; i < 6_000; i++) {
      var text = new StringBuilder();
      for (int j = 0; j < 30; j++) {
        int word = (int) (600 * random.nextDouble() * random.nextDouble());
        text.append('w').append(word).append(' ');
      }
      documents.add(List.of("", text.toString()));
    }
    var live = new LiveTextIndex(TITLE_AND_TEXT);
    documents.forEach(live::add);
    var question = new StringBuilder();
    for (int i = 0; i < 600; i++) {
      question.append('w').append(i).append(' ');
    }
    var query = PARSER.parse(question.toString());

    var found = search(segment(TITLE_AND_TEXT, documents), query, 20, null);

    var expected = search(live.view(6_000), query, 20, null);
    assertThat(found.scores()).isEqualTo(expected.scores());
    assertThat(found.totalMatches()).isEqualTo(6_000);
  }

  @Test
  void knowsWhichTermsItLacks() {
    var index =
        open(
            write(TITLE_AND_TEXT, List.of(List.of("apple", "pie and cake"))),
            new TextIndexMemory(0),
            AccumulatorKernel.FASTEST);

    assertThat(index.termFilter().mightMatch(PARSER.parse("apples"))).isTrue();
    assertThat(index.termFilter().mightMatch(PARSER.parse("+apple +zebra"))).isFalse();
    assertThat(index.termFilter().mightMatch(PARSER.parse("zebra pie"))).isTrue();
    assertThat(index.termFilter().mightMatch(PARSER.parse("the"))).isFalse();
  }

  @Test
  void refusesAShardAnalyzedOtherwise() throws SQLException {
    var file = write(TITLE_AND_TEXT, List.of(List.of("", "apple")));
    try (var connection = connect(file);
        var statement = connection.createStatement()) {
      statement.executeUpdate("UPDATE text_field SET analyzer = 'en/old' WHERE name = 'text'");
    }

    assertThatThrownBy(() -> open(file, new TextIndexMemory(0), AccumulatorKernel.FASTEST))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("field text was analyzed by en/old");
  }

  @Test
  void readsTheFormatBeforeWordsWereKept() throws SQLException {
    var file = write(TITLE_AND_TEXT, List.of(List.of("", "computer"), List.of("", "apple")));
    try (var connection = connect(file);
        var statement = connection.createStatement()) {
      statement.executeUpdate("DROP TABLE text_word");
      for (var column : List.of("stop_list", "case_sensitive", "folding", "max_token_length")) {
        statement.executeUpdate("ALTER TABLE text_field DROP COLUMN " + column);
      }
      statement.executeUpdate("UPDATE text_meta SET value = 1 WHERE key = 'format'");
    }

    var index = open(file, new TextIndexMemory(0), AccumulatorKernel.FASTEST);

    assertThat(search(index, "computing").ordinals()).containsExactly(0);
    assertThat(search(index, "comp*").ordinals()).containsExactly(0);
    assertThat(Suggestions.complete(index, "appl", 5).words())
        .containsExactly(new WordCount("appl", 1));
  }

  @Test
  void keepsTheOptionsOfAnalysis() {
    var options =
        new FieldAnalysis("en", false, new StopWords.Listed(List.of("foo", "bar")), true, true, 20);
    var fields = new IndexedFields(List.of(new IndexedField("text", 1, options)));

    var index =
        open(
            write(fields, List.of(List.of("foo Café cafe"), List.of("the cafe"))),
            new TextIndexMemory(0),
            AccumulatorKernel.FASTEST);

    assertThat(index.fields().analysis("text").analysis()).isEqualTo(options);
    assertThat(search(index, "Cafe").ordinals()).containsExactly(0);
    assertThat(search(index, "foo").size()).isZero();
    assertThat(search(index, "the").ordinals()).containsExactly(1);
  }

  @Test
  void refusesAFormatOfTheFuture() throws SQLException {
    var file = write(TITLE_AND_TEXT, List.of(List.of("", "apple")));
    try (var connection = connect(file);
        var statement = connection.createStatement()) {
      statement.executeUpdate("UPDATE text_meta SET value = 3 WHERE key = 'format'");
    }

    assertThatThrownBy(() -> open(file, new TextIndexMemory(0), AccumulatorKernel.FASTEST))
        .hasMessageContaining("format 3, this build reads 1 to 2");
  }

  private Path write(IndexedFields fields, List<List<String>> documents) {
    try {
      var file = Files.createTempFile(folder, "shard", ".db");
      try (var connection = connect(file)) {
        connection.setAutoCommit(false);
        var writer = new TextIndexWriter(fields);
        documents.forEach(writer::add);
        writer.write(connection);
        connection.commit();
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private TextIndex open(Path file, TextIndexMemory memory, AccumulatorKernel kernel) {
    try {
      var pool = new ReadOnlyPool(file, ReadOnlySettings.defaults(), cleaner);
      pools.add(pool);
      var index = TextIndex.open(pool, memory, kernel);
      return index;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static Connection connect(Path file) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }
}
