package io.mosaicdb.crawler.crawl;

import static io.mosaicdb.crawler.crawl.FakeWeb.html;
import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.crawler.fetch.FetchSettings;
import io.mosaicdb.crawler.frontier.Frontier;
import io.mosaicdb.crawler.index.IndexSettings;
import io.mosaicdb.crawler.robots.Robots;
import io.mosaicdb.crawler.robots.RobotsStore;
import io.mosaicdb.crawler.testsite.TestSite;
import io.mosaicdb.crawler.testsite.TestSite.Answer;
import io.mosaicdb.crawler.warc.WarcArchive;
import io.mosaicdb.crawler.warc.WarcReplay;
import io.mosaicdb.crawler.warc.WarcSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A crawl that was kept as WARC files gives the same documents again, and nobody is asked. */
final class ReplayCrawlTest {
  private static final String HOST = "kept.example";
  private static final String AGENT = "MosaicDB-test/0.1";

  @TempDir private Path folder;

  @Test
  void aReplayEndsWithTheDocumentsOfTheCrawlAndAsksNobody() throws Exception {
    var crawled = new FakeCoordinator();
    try (var site = TestSite.open()) {
      serve(site);
      var settings = FetchSettings.of(AGENT).withHosts(site.hosts());
      var live =
          new Crawling(folder.resolve("live"), crawled, (_, _, turn) -> archived(settings, turn));
      try (live) {
        var id = live.crawl();
        site.page(HOST, "/changed", page("Changed", "It is another text now, with other words."));
        live.again(id);
        assertThat(site.requests().stream().filter(request -> request.status() == 304))
            .isNotEmpty();
        // The address that is disallowed has never been asked for.
        assertThat(site.targets(HOST))
            .contains("/robots.txt", "/map.xml")
            .doesNotContain("/private");
      }
    }

    var replayed = new FakeCoordinator();
    try (var replay =
        new Crawling(folder.resolve("replay"), replayed, (_, _, _) -> new ReplayWeb(archive()))) {
      replay.crawl();
    }

    assertThat(crawled.documents()).hasSize(8);
    assertThat(crawled.documents().toString())
        .contains("only a map knows", "It is another text", "jotted down");
    assertThat(replayed.documents()).isEqualTo(crawled.documents());
  }

  private static void serve(TestSite site) {
    site.robots(HOST, "User-agent: *\nDisallow: /private\nSitemap: http://" + HOST + "/map.xml\n");
    site.answer(
        HOST,
        "/map.xml",
        new Answer(
            200,
            "application/xml",
            Map.of(),
            ("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>http://"
                    + HOST
                    + "/mapped</loc></url></urlset>")
                .getBytes(StandardCharsets.UTF_8)));
    site.page(HOST, "/mapped", page("Mapped", "A page that only a map knows."));
    site.page(
        HOST,
        "/",
        page(
            "Home",
            "Where it begins.",
            "/one",
            "/old",
            "/private",
            "/gone",
            "/changed",
            "/latin",
            "/notes"));
    site.page(HOST, "/one", page("One", "The first of them all.", "/two", "/"));
    site.page(HOST, "/two", page("Two", "The second has other words.", "/one"));
    site.redirect(HOST, "/old", 301, "/new");
    site.page(HOST, "/new", page("New", "What was old has moved here."));
    site.page(HOST, "/private", page("Private", "Nobody may read this."));
    site.page(HOST, "/changed", page("Changed", "At first it said this."));
    site.answer(
        HOST,
        "/notes",
        new Answer(
            200,
            "text/markdown",
            Map.of(),
            "# Notes\n\nWhat was jotted down.".getBytes(StandardCharsets.UTF_8)));
    site.answer(
        HOST,
        "/latin",
        new Answer(
            200,
            "text/html; charset=iso-8859-1",
            Map.of("Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT"),
            page("Latin", "Caf\u00e9 au lait, s'il vous pla\u00eet.")
                .getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static String page(String title, String text, String... links) {
    return html(title, text, links);
  }

  private Web archived(FetchSettings settings, Robots.Turn turn) {
    var clock = Clock.systemUTC();
    try {
      var archive =
          new WarcArchive(
              folder.resolve("warc"), new WarcSettings("test", 1 << 20, "MosaicDB", AGENT), clock);
      var robots = new ArchivingRobots(RobotsStore.NONE, archive, AGENT, clock);
      return new ArchivingWeb(
          new LiveWeb(settings, turn, clock, robots, null), archive, AGENT, clock);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private WarcReplay archive() {
    try {
      return WarcReplay.open(folder.resolve("warc"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A crawler with a folder of its own. */
  private static final class Crawling implements AutoCloseable {
    private final Frontier frontier;
    private final Crawls crawls;

    Crawling(Path folder, FakeCoordinator coordinator, Crawls.Webs webs) {
      frontier = Frontier.open(folder.resolve("frontier.db"));
      crawls =
          new Crawls(
              frontier,
              CrawlSettings.standard(),
              new IndexSettings(
                  8,
                  1 << 20,
                  Duration.ofMillis(5),
                  Duration.ofMillis(50),
                  Duration.ofMillis(5),
                  Duration.ofMillis(50)),
              webs,
              coordinator,
              Clock.systemUTC());
    }

    String crawl() throws InterruptedException {
      var id =
          crawls
              .create(
                  new CrawlSpecification(
                      "docs",
                      List.of("http://" + HOST + "/"),
                      List.of(),
                      true,
                      new CrawlSpecification.ScopeRules(List.of(), List.of(), List.of(), List.of()),
                      List.of(),
                      new CrawlSpecification.Limits(10, 1000, 1L << 40, null, Duration.ZERO, 4, 1),
                      null,
                      false,
                      null,
                      false,
                      null),
                  null)
              .row()
              .id();
      await(id);
      return id;
    }

    void again(String id) throws InterruptedException {
      var _ = crawls.recrawl(id);
      await(id);
    }

    private void await(String id) throws InterruptedException {
      var until = Instant.now().plusSeconds(20);
      while (!crawls.require(id).row().state().equals("succeeded")) {
        assertThat(Instant.now()).as("the time to wait is over").isBefore(until);
        Thread.sleep(5);
      }
    }

    @Override
    public void close() {
      crawls.close();
      frontier.close();
    }
  }
}
