package io.mosaicdb.crawler.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.crawler.robots.RobotsStore.Kept;
import io.mosaicdb.crawler.url.HostKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FrontierFileTest {
  private static final HostKey SERVER = new HostKey("https", "site.example", 443);

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("frontier.db");
  }

  private void execute(String... statements) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        var statement = connection.createStatement()) {
      for (var each : statements) {
        statement.execute(each);
      }
    }
  }

  @Test
  void keepsWhatServersSaidToEachNameOfACrawler() {
    var until = Instant.ofEpochMilli(1_800_000_000_000L);
    var text = "User-agent: *\nDisallow: /x\n".getBytes(StandardCharsets.UTF_8);
    try (var frontier = Frontier.open(file())) {
      frontier.robots("One").keep(SERVER, new Kept(new byte[] {1}, until));
      frontier.robots("One").keep(SERVER, new Kept(text, until));
      frontier.robots("Two").keep(SERVER, new Kept(null, until));
    }
    try (var frontier = Frontier.open(file())) {
      var kept = frontier.robots("One").find(SERVER).orElseThrow();
      assertThat(kept.file()).isEqualTo(text);
      assertThat(kept.until()).isEqualTo(until);
      assertThat(frontier.robots("Two").find(SERVER).orElseThrow().file()).isNull();
      assertThat(frontier.robots("Three").find(SERVER)).isEmpty();
    }
  }

  @Test
  void takesUpAFileOfVersionOneWithItsCrawls() throws SQLException {
    var now = Instant.ofEpochMilli(1_000);
    try (var frontier = Frontier.open(file())) {
      var _ =
          frontier.create(
              new Frontier.NewCrawl("id", "docs", "{}", 3, null, now),
              List.of(Discovery.page(SERVER.url("/a"), 0, 0)));
    }
    execute("DROP TABLE robots", "PRAGMA user_version = 1");

    try (var frontier = Frontier.open(file())) {
      assertThat(frontier.find("id")).isPresent();
      frontier.robots("One").keep(SERVER, new Kept(null, now));
      assertThat(frontier.robots("One").find(SERVER)).isPresent();
    }
  }

  @Test
  void refusesAFileOfALaterVersion() throws SQLException {
    Frontier.open(file()).close();
    execute("PRAGMA user_version = 99");

    assertThatThrownBy(() -> Frontier.open(file())).hasMessageContaining("version 99");
  }
}
