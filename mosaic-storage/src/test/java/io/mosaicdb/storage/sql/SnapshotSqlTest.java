package io.mosaicdb.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.storage.hash.ContentHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotSqlTest {
  @TempDir private Path folder;

  private static final List<String> CONDITIONS =
      List.of(
          "1",
          "year = 1993",
          "year BETWEEN 1991 AND 1993",
          "score > 1.5 OR flag",
          "NOT flag",
          "lang IN ('de', '日本')",
          "lang IS NULL",
          "title LIKE '%pl%'",
          "text LIKE '%😀%' OR text GLOB '*e'",
          "instr(text, 'apple') > 0",
          "seen > 1700000100000",
          "noted % 2000 = 0",
          "json_extract(attributes, '$.score') > 0",
          "attributes ->> 'lang' = 'en'",
          "EXISTS (SELECT 1 FROM json_each(tags) WHERE value = 'ü')",
          "id IN (SELECT document FROM links WHERE rel IS NOT NULL)",
          "id NOT IN (SELECT document FROM passages)",
          "length(trim(text, 'ae ')) > 5",
          "replace(title, 'plum', 'pear') = title",
          "summary IS NOT NULL",
          "note = 'apple'",
          "\"group-by.2\" = 1",
          "id = 'p0-3'",
          "'p1-7' = id",
          "partition = 1 AND commit_seq > 3",
          "url IS NULL AND year > 1990");

  private static final List<String> KEYS =
      List.of(
          "year",
          "lang",
          "flag",
          "\"group-by.2\"",
          "partition",
          "substr(title, 1, 2)",
          "tags",
          "place",
          "year / 2",
          "coalesce(note, lang, 'none')",
          "summary IS NULL");

  private static final List<String> AGGREGATES =
      List.of(
          "count(*)",
          "count(year)",
          "count(DISTINCT lang)",
          "sum(year)",
          "avg(score)",
          "min(title)",
          "max(text)",
          "total(score)",
          "min(seen)",
          "max(noted)",
          "sum(length(text))",
          "median(score)",
          "sum(score) FILTER (WHERE flag)",
          "max(commit_seq)",
          "count(DISTINCT json_extract(tags, '$[0]'))");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void answersAsOneBigSqliteWithTheSameDocuments(long seed) throws Exception {
    try (var fixture = new SqlFixture(folder, seed)) {
      var random = new Random(seed);
      for (int round = 0; round < 2; round++) {
        fixture.live(25);
        // Some shards in place, or none.
        var limits =
            new SqlLimits(
                Duration.ofMinutes(1), 10_000, 64 << 20, 1L << 30, 4L << 30, random.nextInt(3) * 3);
        try (var oracle = new OneBigSqlite(fixture.written.values())) {
          for (int i = 0; i < 40; i++) {
            compare(fixture, oracle, limits, randomStatement(random), seed);
          }
          for (String statement : STATEMENTS) {
            compare(fixture, oracle, limits, statement, seed);
          }
        }
      }
    }
  }

  private static final List<String> STATEMENTS =
      List.of(
          "SELECT id, url, title, text, commit_seq, fields, attributes, partition FROM documents",
          "SELECT summary, flag, \"group-by.2\", lang, note, noted, place, score, seen, tags, year FROM documents",
          "SELECT * FROM passages",
          "SELECT * FROM links",
          "SELECT count(*) FROM documents",
          "SELECT count(*), count(DISTINCT document) FROM passages",
          "SELECT d.lang, count(*), sum(end_at - start_at) FROM documents d JOIN passages p ON p.document = d.id GROUP BY d.lang",
          "SELECT d.id, count(l.target) FROM documents d LEFT JOIN links l ON l.document = d.id GROUP BY d.id",
          "SELECT a.id, b.id FROM documents a, documents b WHERE a.year = b.year AND a.lang = b.lang AND a.id < b.id",
          "SELECT l.target, group_concat(DISTINCT d.lang) IS NULL, max(d.score) FROM links l JOIN documents d ON d.id = l.document GROUP BY l.target HAVING count(*) > 1",
          "SELECT id, row_number() OVER (PARTITION BY lang ORDER BY year, id), sum(year) OVER (ORDER BY id) FROM documents",
          "WITH y AS (SELECT year, count(*) AS n FROM documents GROUP BY year) SELECT d.id, y.n FROM documents d JOIN y USING (year) WHERE y.n > (SELECT avg(n) FROM y)",
          "WITH RECURSIVE hop(id, depth) AS (SELECT 'p0-1', 0 UNION SELECT d.id, depth + 1 FROM hop JOIN links l ON l.document = hop.id JOIN links m ON m.target = l.target JOIN documents d ON d.id = m.document WHERE depth < 2) SELECT DISTINCT id FROM hop",
          "SELECT id FROM documents WHERE flag UNION SELECT document FROM links EXCEPT SELECT document FROM passages",
          "SELECT t.value, count(*) FROM documents d, json_each(d.tags) t GROUP BY t.value",
          "SELECT json_group_array(DISTINCT year) IS NOT NULL, json_array(tags) FROM documents GROUP BY tags",
          "SELECT p.text, d.text FROM passages p LEFT JOIN documents d ON d.id = p.document AND d.year > 1992",
          "SELECT place ->> 'lat', count(*) FROM documents GROUP BY 1",
          "SELECT (SELECT max(number) FROM passages p WHERE p.document = d.id) FROM documents d WHERE d.title IS NULL",
          "SELECT year, lang, count(*) FROM documents GROUP BY year, lang HAVING count(*) > 1 ORDER BY 3 DESC, 1, 2 LIMIT 5 OFFSET 1",
          "SELECT d.id FROM documents d RIGHT JOIN links l ON l.document = d.id FULL JOIN passages p ON p.document = d.id AND p.number = 1",
          "VALUES (1, 'a'), (2, (SELECT count(*) FROM documents))",
          "SELECT count(*) FROM documents NATURAL JOIN (SELECT id FROM documents WHERE year = 1991)");

  private static String randomStatement(Random random) {
    var where = pick(CONDITIONS, random);
    if (random.nextBoolean()) {
      where =
          "("
              + where
              + ") "
              + (random.nextBoolean() ? "AND" : "OR")
              + " ("
              + pick(CONDITIONS, random)
              + ")";
    }
    if (random.nextInt(5) == 0) {
      return "SELECT id, "
          + pick(KEYS, random)
          + " FROM documents WHERE "
          + where
          + " ORDER BY id LIMIT 7 OFFSET "
          + random.nextInt(4);
    }
    var key = pick(KEYS, random);
    var other = pick(KEYS, random);
    return "SELECT "
        + key
        + ", "
        + other
        + ", "
        + pick(AGGREGATES, random)
        + ", "
        + pick(AGGREGATES, random)
        + " FROM documents WHERE "
        + where
        + " GROUP BY "
        + key
        + ", "
        + other
        + (random.nextBoolean() ? " HAVING " + pick(AGGREGATES, random) + " IS NOT NULL" : "")
        + (random.nextBoolean() ? " ORDER BY 1, 2 LIMIT 10" : "");
  }

  private static String pick(List<String> options, Random random) {
    return options.get(random.nextInt(options.size()));
  }

  private static void compare(
      SqlFixture fixture, OneBigSqlite oracle, SqlLimits limits, String statement, long seed)
      throws Exception {
    var answer = fixture.ask(limits, statement);
    var expected = oracle.ask(statement);
    assertThat(sorted(answer.rows()))
        .as("seed %d, %s", seed, statement)
        .isEqualTo(sorted(expected));
    assertThat(answer.truncated()).isFalse();
  }

  private static List<String> sorted(List<List<@Nullable Object>> rows) {
    return rows.stream().map(row -> Arrays.deepToString(row.toArray())).sorted().toList();
  }

  @Test
  void bindsParametersOfEveryKind() throws Exception {
    try (var fixture = new SqlFixture(folder, 7)) {
      var answer =
          fixture.ask("SELECT ?, ?2, ?, ?, ?, typeof(?3)", null, true, 3L, 2.5, "it's; DROP");

      assertThat(answer.rows())
          .containsExactly(Arrays.asList(null, 1L, 3L, 2.5, "it's; DROP", "integer"));
      assertThatThrownBy(() -> fixture.ask("SELECT ?, ?", 1L))
          .isInstanceOf(SqlException.class)
          .hasMessage("must have 2 values, one a ?, got 1");
    }
  }

  @Test
  void saysThatRowsWereLeftOut() throws Exception {
    try (var fixture = new SqlFixture(folder, 8)) {
      fixture.live(20);
      var most = SqlLimits.defaults().with(Duration.ofSeconds(10), 3);

      assertThat(fixture.ask(most, "SELECT id FROM documents").rows()).hasSize(3);
      assertThat(fixture.ask(most, "SELECT id FROM documents").truncated()).isTrue();
      assertThat(fixture.ask(most, "SELECT id FROM documents LIMIT 3").truncated()).isFalse();
    }
  }

  @Test
  void namesAShardThatCannotBeReadAndAnswersWithoutItOnlyIfToldTo() throws Exception {
    try (var fixture = new SqlFixture(folder, 9)) {
      fixture.live(10);
      fixture.seal();
      fixture.live(10);
      fixture.seal();
      var damaged = fixture.shardFiles().getFirst();
      var id = String.valueOf(damaged.getFileName()).replace(".db", "");
      overwrite(damaged);

      assertThatThrownBy(() -> fixture.ask("SELECT count(*), max(text) FROM documents"))
          .isInstanceOfSatisfying(
              SqlException.class,
              e -> {
                assertThat(e.reason()).isEqualTo(SqlException.Reason.UNREADABLE);
                assertThat(e).hasMessageContaining(id);
              });
      var answer =
          fixture.sql.run(
              new SqlQuestion(
                  "SELECT max(text), count(*) FROM documents",
                  List.of(),
                  SqlFixture.SCHEMA,
                  SqlLimits.defaults(),
                  true),
              fixture.snapshots());
      assertThat(answer.rows()).hasSize(1);
      assertThat(answer.coverage().failed())
          .extracting(SqlCoverage.Failed::shardId)
          .containsExactly(id);
      assertThat(answer.coverage().read()).isEqualTo(answer.coverage().segments() - 1);
    }
  }

  /** Leaves the header and the schema, and makes the rest useless. */
  private static void overwrite(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      var noise = new byte[4096];
      new Random(1).nextBytes(noise);
      for (long at = 2 * 4096; at < channel.size(); at += 4096) {
        channel.write(ByteBuffer.wrap(noise), at);
      }
    }
  }

  @Test
  void readsMoreShardsThanSqliteAttaches() throws Exception {
    try (var fixture = new SqlFixture(folder, 12)) {
      for (int i = 0; i < 130; i++) {
        fixture.put(fixture.document("p0-" + i));
        fixture.seal();
      }

      for (int attached : new int[] {SqlLimits.MOST_ATTACHED, 20}) {
        var limits =
            new SqlLimits(Duration.ofMinutes(1), 10, 1 << 20, 1L << 30, 4L << 30, attached);
        var answer = fixture.ask(limits, "SELECT count(*), count(DISTINCT id) FROM documents");

        assertThat(answer.rows()).containsExactly(List.of(130L, 130L));
        assertThat(answer.coverage().read()).isEqualTo(130);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22})
  void readsNoShardThatHoldsNothingTheStatementCouldUse(long seed) throws Exception {
    try (var fixture = new SqlFixture(folder, seed)) {
      fixture.live(60);
      fixture.seal();
      fixture.live(4);
      try (var oracle = new OneBigSqlite(fixture.written.values())) {
        var pruned = new HashMap<String, Integer>();
        for (String where :
            List.of(
                "id = 'p0-3'",
                "id = 'nobody'",
                "'p0-3' = documents.id AND flag",
                "id = ?",
                "year = 1993 AND lang = 'de'",
                "year = 3000",
                "lang = 'none' AND year > 1",
                "id = 'p0-3' OR year = 1993",
                "year BETWEEN 1990 AND lang = 'none'",
                "NOT lang = 'none'",
                "year = 3000 IS NULL",
                "'none' = lang COLLATE NOCASE IS NULL",
                "CASE WHEN flag AND lang = 'none' THEN 1 ELSE 2 END",
                "score = 'none'")) {
          var statement = "SELECT id, text FROM documents WHERE " + where;
          var parameters = where.contains("?") ? new Object[] {"p1-7"} : new Object[0];
          var answer = fixture.ask(statement, parameters);
          assertThat(sorted(answer.rows()))
              .as(statement)
              .isEqualTo(sorted(oracle.ask(statement, parameters)));
          pruned.put(where, answer.coverage().pruned());
        }
        assertThat(pruned.get("id = 'nobody'")).isEqualTo(fixture.shardFiles().size());
        assertThat(pruned.get("id = 'p0-3'"))
            .isGreaterThanOrEqualTo(fixture.shardFiles().size() - 1);
        assertThat(pruned.get("'p0-3' = documents.id AND flag"))
            .isEqualTo(pruned.get("id = 'p0-3'"));
        assertThat(pruned.get("year = 3000")).isEqualTo(fixture.shardFiles().size());
        assertThat(pruned.get("lang = 'none' AND year > 1")).isEqualTo(fixture.shardFiles().size());
        assertThat(pruned.get("id = 'p0-3' OR year = 1993")).isZero();
        assertThat(pruned.get("NOT lang = 'none'")).isZero();
        var joined =
            "SELECT count(*) FROM documents d LEFT JOIN links l ON l.document = d.id WHERE d.year = 3000";
        assertThat(fixture.ask(joined).coverage().pruned()).isZero();
      }
    }
  }

  @Test
  void matchesFindsWhatTheWordIndexFinds() throws Exception {
    try (var fixture = new SqlFixture(folder, 23)) {
      fixture.live(40);
      fixture.seal();
      fixture.live(6);
      var withPlum =
          fixture.written.values().stream()
              .filter(each -> String.join(" ", each.document().fields().values()).contains("plum"))
              .map(each -> each.document().id())
              .sorted()
              .toList();
      assertThat(withPlum).isNotEmpty();

      for (String statement :
          List.of(
              "SELECT id FROM documents WHERE matches('plums') ORDER BY id",
              "SELECT id FROM documents WHERE matches(?) ORDER BY id",
              "SELECT d.id FROM documents d WHERE matches(d.id, ?1) AND ?1 = ?1 ORDER BY 1",
              "SELECT d.id FROM documents d LEFT JOIN links l ON l.document = d.id WHERE matches(d.id, 'plum') GROUP BY 1",
              "SELECT id FROM documents WHERE NOT (NOT matches('plum')) ORDER BY 1",
              "SELECT id FROM documents WHERE id IN (SELECT id FROM documents WHERE MATCHES ( 'plum' )) ORDER BY 1")) {
        var answer =
            statement.contains("?") ? fixture.ask(statement, "plum") : fixture.ask(statement);
        assertThat(answer.rows()).as(statement).extracting(List::getFirst).isEqualTo(withPlum);
      }
      var nowhere = fixture.ask("SELECT id FROM documents WHERE matches('zeppelin')");
      assertThat(nowhere.rows()).isEmpty();
      assertThat(nowhere.coverage().pruned()).isEqualTo(fixture.shardFiles().size());
      assertThatThrownBy(() -> fixture.ask("SELECT id FROM documents WHERE matches(?)", 5L))
          .hasMessage("must have a string for the words of matches()");
      assertThatThrownBy(() -> fixture.ask("SELECT id FROM documents WHERE matches(title || 'x')"))
          .hasMessage("no such function: matches");
    }
  }

  @Test
  void answersBesideWhatOthersExtracted() throws Exception {
    try (var fixture = new SqlFixture(folder, 24)) {
      fixture.live(50);
      var first = fixture.snapshots().subList(0, 1);
      var second = fixture.snapshots().subList(1, 2);
      try (var oracle = new OneBigSqlite(fixture.written.values())) {
        var statements = new ArrayList<>(STATEMENTS);
        statements.add("SELECT count(*) FROM documents WHERE year = 1993 AND id > 'p0-2'");
        for (String statement : statements) {
          var question =
              new SqlQuestion(
                  statement,
                  List.of(),
                  SqlFixture.SCHEMA,
                  SqlLimits.defaults().with(Duration.ofMinutes(1), 100_000),
                  false);
          var extract = folder.resolve("extract.db");
          fixture.sql.extract(question, second, extract, System.nanoTime());
          var answer = fixture.sql.run(question, first, List.of(extract), System.nanoTime());
          assertThat(sorted(answer.rows())).as(statement).isEqualTo(sorted(oracle.ask(statement)));
          Files.delete(extract);
        }
        var question =
            new SqlQuestion(
                "SELECT id FROM documents WHERE matches('pear') ORDER BY id",
                List.of(),
                SqlFixture.SCHEMA,
                SqlLimits.defaults(),
                false);
        var extract = folder.resolve("extract.db");
        fixture.sql.extract(question, second, extract, System.nanoTime());
        assertThat(fixture.sql.run(question, first, List.of(extract), System.nanoTime()).rows())
            .isEqualTo(fixture.ask(question.sql()).rows())
            .isNotEmpty();
      }
    }
  }

  @Test
  void stopsWhatTakesTooLong() throws Exception {
    try (var fixture = new SqlFixture(folder, 10)) {
      var short1 = SqlLimits.defaults().with(Duration.ofMillis(200), 10);

      assertThatThrownBy(() ->
              fixture.ask(
                  short1,
                  "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"))
          .isInstanceOfSatisfying(
              SqlException.class,
              e -> assertThat(e.reason()).isEqualTo(SqlException.Reason.TIMED_OUT))
          .hasMessage("the statement was not done within 200 ms");
    }
  }

  @Test
  void writesNothing() throws Exception {
    try (var fixture = new SqlFixture(folder, 11)) {
      fixture.live(20);
      fixture.seal();
      var before = checksums(fixture);

      for (String statement : STATEMENTS) {
        fixture.ask(statement);
      }

      assertThat(checksums(fixture)).isEqualTo(before);
    }
  }

  private static Map<Path, String> checksums(SqlFixture fixture) throws IOException {
    var sums = new HashMap<Path, String>();
    for (Path file : new ArrayList<>(fixture.shardFiles())) {
      sums.put(file, ContentHash.hexOfFile(file));
    }
    return sums;
  }
}
