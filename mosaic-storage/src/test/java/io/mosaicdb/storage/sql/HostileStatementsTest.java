package io.mosaicdb.storage.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.storage.hash.ContentHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every statement of {@code hostile.txt}, and random changes to them, are refused or answered
 * within bounds; no file changes, nothing hangs. {@code -Dmosaic.fuzz.statements=100000} runs for
 * longer.
 */
class HostileStatementsTest {
  private static final SqlLimits LIMITS =
      new SqlLimits(Duration.ofMillis(300), 50, 1 << 20, 256L << 20, 1L << 30, 20);
  // A single call inside SQLite may overstay; one that is still at work after this hangs.
  private static final int HANGS_AFTER_SECONDS = 60;
  private static final Pattern REPEATED = Pattern.compile("\\{(\\d+)\\*([^}]*)}");

  @TempDir private Path folder;
  private final ExecutorService threads = Executors.newSingleThreadExecutor();
  private @Nullable SqlFixture fixture;

  record Hostile(boolean refused, String statement) {}

  @BeforeEach
  void open() throws Exception {
    fixture = new SqlFixture(folder, 99);
    fixture.live(30);
    fixture.seal();
    fixture.live(8);
  }

  @AfterEach
  void close() {
    requireNonNull(fixture).close();
    threads.shutdownNow();
  }

  @Test
  void refusesOrBoundsEveryStatementOfTheList() throws Exception {
    var before = checksums();
    var wrong = new ArrayList<String>();
    for (Hostile each : list()) {
      var answer = ask(each.statement());
      if (each.refused() && answer != null) {
        wrong.add(each.statement() + " -> " + answer.rows());
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(checksums()).isEqualTo(before);
  }

  @Test
  void refusesOrBoundsRandomChangesOfThem() throws Exception {
    var before = checksums();
    long seed = Long.getLong("mosaic.fuzz.seed", System.nanoTime());
    var random = new Random(seed);
    int statements = Integer.getInteger("mosaic.fuzz.statements", 400);
    var pieces = new ArrayList<List<String>>();
    for (Hostile each : list()) {
      if (each.statement().length() < 2_000) {
        pieces.add(pieces(each.statement()));
      }
    }
    for (int i = 0; i < statements; i++) {
      var statement = changed(pieces, random);
      try {
        ask(statement);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ", statement " + i + ": " + statement, e);
      }
    }
    assertThat(checksums()).isEqualTo(before);
  }

  /** Null where it was refused. */
  private @Nullable SqlAnswer ask(String statement) throws Exception {
    var answering = threads.submit(() -> requireNonNull(fixture).ask(LIMITS, statement));
    try {
      var answer = answering.get(HANGS_AFTER_SECONDS, TimeUnit.SECONDS);
      assertThat(answer.rows()).hasSizeLessThanOrEqualTo(50);
      return answer;
    } catch (ExecutionException e) {
      assertThat(e.getCause()).as(statement).isInstanceOf(SqlException.class);
      assertThat(((SqlException) requireNonNull(e.getCause())).reason())
          .as(statement)
          .isNotEqualTo(SqlException.Reason.UNREADABLE);
      return null;
    } catch (TimeoutException e) {
      throw new AssertionError("hangs: " + statement, e);
    }
  }

  static List<Hostile> list() throws IOException {
    try (var in = HostileStatementsTest.class.getResourceAsStream("hostile.txt")) {
      return new String(requireNonNull(in).readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(HostileStatementsTest::parse)
          .toList();
    }
  }

  private static Hostile parse(String line) {
    int tab = line.indexOf('\t');
    var statement =
        REPEATED
            .matcher(line.substring(tab + 1).replace("{lf}", "\n").replace("{nul}", "\0"))
            .replaceAll(match ->
                java.util.regex.Matcher.quoteReplacement(
                    match.group(2).repeat(Integer.parseInt(match.group(1)))));
    return new Hostile(line.startsWith("refused"), statement);
  }

  private static List<String> pieces(String statement) {
    var matcher = Pattern.compile("\\w+|\\s+|[^\\w\\s]").matcher(statement);
    var pieces = new ArrayList<String>();
    while (matcher.find()) {
      pieces.add(matcher.group());
    }
    return pieces;
  }

  private static String changed(List<List<String>> statements, Random random) {
    var pieces = new ArrayList<>(statements.get(random.nextInt(statements.size())));
    for (int change = 1 + random.nextInt(4); change > 0 && !pieces.isEmpty(); change--) {
      int at = random.nextInt(pieces.size());
      var other = statements.get(random.nextInt(statements.size()));
      switch (random.nextInt(6)) {
        case 0 -> pieces.remove(at);
        case 1 -> pieces.add(at, pieces.get(random.nextInt(pieces.size())));
        case 2 -> pieces.set(at, pieces.get(random.nextInt(pieces.size())));
        case 3 -> pieces.add(at, other.isEmpty() ? "" : other.get(random.nextInt(other.size())));
        case 4 -> pieces.addAll(at, other.subList(0, random.nextInt(other.size() + 1)));
        default ->
            pieces.set(
                at, String.valueOf((char) random.nextInt(random.nextInt(6) == 0 ? 65_536 : 128)));
      }
    }
    var statement = String.join("", pieces);
    return random.nextInt(3) == 0 ? "SELECT " + statement : statement;
  }

  private Map<String, String> checksums() throws IOException {
    var sums = new TreeMap<String, String>();
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        // The commit log's index of its WAL is memory that SQLite shares, not content.
        if (!path.toString().endsWith("-shm")) {
          sums.put(folder.relativize(path).toString(), ContentHash.hexOfFile(path));
        }
      }
    }
    return sums;
  }
}
