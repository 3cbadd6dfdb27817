package io.mosaicdb.crawler.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.crawler.fetch.ResponseHeaders;
import io.mosaicdb.crawler.frontier.Frontier;
import io.mosaicdb.crawler.index.IndexSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdaptiveRecrawlTest {
  private static final String SITE = "http://site.example";

  @TempDir private Path folder;

  @Test
  void pageThatChangesIsLookedAtMoreOftenThanOneThatDoesNot() throws Exception {
    var version = new AtomicInteger();
    var web = new FakeWeb();
    web.page(SITE + "/", FakeWeb.html("Same", "Nothing ever happens here.", "/news"));
    web.answer(
        SITE + "/news",
        request ->
            FakeWeb.content(
                request.url(),
                FakeWeb.html("News", "The latest is number " + version.incrementAndGet() + "."),
                ResponseHeaders.of("Content-Type", "text/html")));
    try (var frontier = Frontier.open(folder.resolve("frontier.db"));
        var crawls =
            new Crawls(
                frontier,
                new CrawlSettings(
                    3,
                    5,
                    4,
                    Duration.ofMillis(2),
                    Duration.ofMillis(20),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(10)),
                new IndexSettings(
                    8,
                    1 << 20,
                    Duration.ofMillis(5),
                    Duration.ofMillis(50),
                    Duration.ofMillis(5),
                    Duration.ofMillis(50)),
                (_, _, _) -> web,
                new FakeCoordinator(),
                Clock.systemUTC())) {
      crawls.start();
      crawls.create(specification(), null);
      var until = Instant.now().plusSeconds(60);
      while (version.get() < 8) {
        assertThat(Instant.now()).as("the time to wait is over").isBefore(until);
        Thread.sleep(10);
      }
    }

    assertThat(web.urls().stream().filter((SITE + "/")::equals).count())
        .isGreaterThan(1)
        .isLessThan(version.get());
  }

  private static CrawlSpecification specification() {
    return new CrawlSpecification(
        "docs",
        List.of(SITE + "/"),
        List.of(),
        true,
        new CrawlSpecification.ScopeRules(List.of(), List.of(), List.of(), List.of()),
        List.of(),
        new CrawlSpecification.Limits(10, 100, 1L << 40, null, Duration.ZERO, 4, 1),
        null,
        true,
        new CrawlSpecification.Recrawl(Duration.ofSeconds(1), true),
        false,
        null);
  }
}
