package io.mosaicdb.crawler.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.crawler.fetch.FetchSettings;
import io.mosaicdb.crawler.frontier.Frontier;
import io.mosaicdb.crawler.frontier.UrlRow;
import io.mosaicdb.crawler.index.IndexSettings;
import io.mosaicdb.crawler.testsite.FaultServer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One crawl over real sockets through all that servers do wrong. */
final class FaultCrawlTest {
  private static final String SITE = "http://" + FaultServer.HOST;

  @TempDir private Path folder;

  @Test
  void crawlSurvivesEveryFaultAndRecordsEachUnderItsName() throws Exception {
    var coordinator = new FakeCoordinator();
    Map<String, UrlRow> rows;
    try (var faults = FaultServer.open();
        var frontier = Frontier.open(folder.resolve("frontier.db"));
        var crawls = crawls(frontier, coordinator, faults)) {
      crawls.start();
      var id = crawls.create(specification(), null).row().id();
      var until = Instant.now().plusSeconds(120);
      while (!crawls.require(id).row().state().equals("succeeded")) {
        assertThat(Instant.now()).as("the time to wait is over").isBefore(until);
        Thread.sleep(20);
      }
      rows =
          crawls.urls(id, null, null, 0, 1000).stream()
              .collect(Collectors.toMap(UrlRow::url, row -> row));
    }

    var named =
        Map.ofEntries(
            Map.entry("/fine", "done stored"),
            Map.entry("/long", "done stored"),
            Map.entry("/odd-header", "done stored"),
            Map.entry("/latin-1", "done stored"),
            Map.entry("/cyrillic", "done stored"),
            Map.entry("/japanese", "done stored"),
            Map.entry("/utf-16", "done stored"),
            Map.entry("/busy", "done stored"),
            Map.entry("/silent", "failed headers_timeout"),
            Map.entry("/slow-headers", "failed headers_timeout"),
            Map.entry("/stalled-body", "failed body_timeout"),
            Map.entry("/slow-body", "failed total_timeout"),
            Map.entry("/closed", "failed reset"),
            Map.entry("/reset", "failed reset"),
            Map.entry("/reset-body", "failed reset"),
            Map.entry("/busy-until", "failed http_503"),
            Map.entry("/storm-1", "failed http_500"),
            Map.entry("/storm-5", "failed http_500"),
            Map.entry("/short", "failed truncated"),
            Map.entry("/cut-chunks", "failed truncated"),
            Map.entry("/cut-gzip", "failed truncated"),
            Map.entry("/bad-chunks", "failed protocol"),
            Map.entry("/not-http", "failed protocol"),
            Map.entry("/gzip-bomb", "failed decompression_bomb"),
            Map.entry("/not-gzip", "failed bad_encoding"),
            Map.entry("/brotli", "failed bad_encoding"),
            Map.entry("/gigabyte", "failed too_large"),
            Map.entry("/endless", "failed too_large"),
            Map.entry("/film", "skipped type"),
            Map.entry("/many-headers", "failed headers_too_large"),
            Map.entry("/long-header", "failed headers_too_large"),
            Map.entry("/to-file", "failed bad_redirect"),
            Map.entry("/to-nowhere", "failed bad_redirect"),
            Map.entry("/to-metadata", "skipped redirect_out_of_scope"),
            Map.entry("/onward-5", "failed too_many_redirects"),
            Map.entry("/calendar?month=13", "skipped trap_calendar"),
            Map.entry("/more/0", "done stored"));
    var outcomes =
        rows.values().stream()
            .filter(row -> row.url().startsWith(SITE))
            .collect(
                Collectors.toMap(
                    row -> row.url().substring(SITE.length()),
                    row -> row.state() + " " + row.reason()));
    assertThat(outcomes).containsAllEntriesOf(named);
    assertThat(outcomes).containsKeys("/loop-a", "/loop-b");
    for (var host : List.of("tls", "other", "expired", "plain", "mute")) {
      var row = Objects.requireNonNull(rows.get("https://" + host + ".faults.test/fine"), host);
      assertThat(row.reason()).as(host).isEqualTo("host_given_up");
      // On a slow machine a handshake may be late before it can be wrong.
      assertThat(row.detail()).as(host).contains("robots_unreachable (tls");
    }
    // Infinite links end where the crawl's depth does.
    assertThat(rows.keySet()).noneMatch(url -> url.endsWith("/more/9"));
    assertThat(coordinator.documents().values().toString())
        .contains(
            "caf\u00e9 au lait", "\u043f\u0440\u0438\u0432\u0435\u0442", "\u6771\u4eac\u90fd");
  }

  private static Crawls crawls(Frontier frontier, FakeCoordinator coordinator, FaultServer faults) {
    var brief = Duration.ofMillis(400);
    var fetching =
        FetchSettings.of("MosaicDB/0.1 (+test)")
            .withHosts(faults.hosts())
            .withMostBytes(2 << 20)
            .withTimeouts(brief, brief, brief, brief, Duration.ofSeconds(1));
    return new Crawls(
        frontier,
        new CrawlSettings(
            2,
            5,
            80,
            Duration.ofMillis(2),
            Duration.ofMillis(10),
            Duration.ofMillis(100),
            Duration.ofSeconds(1)),
        new IndexSettings(
            8,
            1 << 20,
            Duration.ofMillis(5),
            Duration.ofMillis(50),
            Duration.ofMillis(5),
            Duration.ofMillis(50)),
        (_, _, turn) -> new LiveWeb(fetching, turn, Clock.systemUTC()),
        coordinator,
        Clock.systemUTC());
  }

  private static CrawlSpecification specification() {
    return new CrawlSpecification(
        "docs",
        List.of(SITE + "/"),
        List.of(),
        true,
        new CrawlSpecification.ScopeRules(
            List.of(FaultServer.HOST, "*.faults.test"), List.of(), List.of(), List.of()),
        List.of(),
        new CrawlSpecification.Limits(3, 1000, 1L << 40, null, Duration.ZERO, 6, 1),
        null,
        false,
        null,
        false,
        null);
  }
}
