package io.mosaicdb.crawler.robots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.crawler.fetch.FetchSettings;
import io.mosaicdb.crawler.fetch.Fetcher;
import io.mosaicdb.crawler.robots.RobotsRules.Source;
import io.mosaicdb.crawler.testsite.TestSite;
import io.mosaicdb.crawler.testsite.TestSite.Answer;
import io.mosaicdb.crawler.url.HostKey;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RobotsTest {
  private static final String HOST = "robots.test";
  private static final HostKey KEY = new HostKey("http", HOST, 80);

  private final SettableClock clock = new SettableClock();
  private final List<URI> turns = new ArrayList<>();
  private TestSite site;
  private Fetcher fetcher;

  @BeforeEach
  void start() throws Exception {
    site = TestSite.open();
    site.page(HOST, "/", "<p>home").page("other.test", "/", "<p>other");
    fetcher = new Fetcher(FetchSettings.of("MosaicBot/1.0").withHosts(site.hosts()));
  }

  @AfterEach
  void stop() {
    fetcher.close();
    site.close();
  }

  @Test
  void rulesDelayAndSitemapsAreRead() throws Exception {
    site.robots(
        HOST,
        """
        User-agent: *
        Disallow: /

        User-agent: MosaicBot
        Disallow: /private
        Allow: /private/not
        Crawl-delay: 2.5

        Sitemap: https://robots.test/map.xml
        Sitemap: /other.xml
        """);

    var rules = robots().rules(KEY);

    assertThat(rules.source()).isEqualTo(Source.FILE);
    assertThat(rules.allows(url("/"))).isTrue();
    assertThat(rules.allows(url("/private/x"))).isFalse();
    assertThat(rules.allows(url("/private/not/x"))).isTrue();
    assertThat(rules.allows(url("/robots.txt"))).isTrue();
    assertThat(rules.crawlDelay()).contains(Duration.ofMillis(2500));
    assertThat(rules.sitemaps())
        .containsExactly(URI.create("https://robots.test/map.xml"), url("/other.xml"));
  }

  @Test
  void forbiddenPathsStayForbiddenInEverySpelling() throws Exception {
    site.robots(HOST, "User-agent: *\nDisallow: /%7Ejoe/\nDisallow: /caf\u00e9\n");

    var rules = robots().rules(KEY);

    assertThat(rules.allows(url("/~joe/diary"))).isFalse();
    assertThat(rules.allows(url("/caf%C3%A9"))).isFalse();
    assertThat(rules.allows(url("/~jane/"))).isTrue();
  }

  @Test
  void whatAServerSaidOutlivesTheProcessForADay() throws Exception {
    var store = new MapStore();
    site.robots(HOST, "User-agent: *\nDisallow: /private\n");

    assertThat(robots(store).rules(KEY).allows(url("/private"))).isFalse();
    assertThat(robots(store).rules(KEY).allows(url("/private"))).isFalse();
    assertThat(site.count(HOST, "/robots.txt")).isEqualTo(1);

    site.answer(HOST, "/robots.txt", Answer.status(404));
    clock.pass(Duration.ofHours(25));
    assertThat(robots(store).rules(KEY).source()).isEqualTo(Source.ABSENT);
    assertThat(robots(store).rules(KEY).source()).isEqualTo(Source.ABSENT);
    assertThat(site.count(HOST, "/robots.txt")).isEqualTo(2);

    site.answer(HOST, "/robots.txt", Answer.status(503));
    clock.pass(Duration.ofHours(25));
    assertThat(robots(store).rules(KEY).source()).isEqualTo(Source.UNREACHABLE);
    // A server that could not say is asked again by the next process.
    assertThat(robots(store).rules(KEY).source()).isEqualTo(Source.UNREACHABLE);
    assertThat(site.count(HOST, "/robots.txt")).isEqualTo(4);
  }

  private static final class MapStore implements RobotsStore {
    private final Map<HostKey, Kept> kept = new HashMap<>();

    @Override
    public Optional<Kept> find(HostKey server) {
      return Optional.ofNullable(kept.get(server));
    }

    @Override
    public void keep(HostKey server, Kept answer) {
      kept.put(server, answer);
    }
  }

  @Test
  void missingFileAllowsEverything() throws Exception {
    for (int status : new int[] {404, 403, 401, 410}) {
      site.answer(HOST, "/robots.txt", Answer.status(status));

      var rules = robots().rules(KEY);

      assertThat(rules.source()).as("status %d", status).isEqualTo(Source.ABSENT);
      assertThat(rules.allows(url("/anything"))).isTrue();
    }
  }

  @Test
  void serverThatCannotSayAllowsNothing() throws Exception {
    for (int status : new int[] {500, 503, 429}) {
      site.answer(HOST, "/robots.txt", Answer.status(status));

      var rules = robots().rules(KEY);

      assertThat(rules.source()).as("status %d", status).isEqualTo(Source.UNREACHABLE);
      assertThat(rules.problem()).isEqualTo("http_" + status);
      assertThat(rules.allows(url("/"))).isFalse();
    }
  }

  @Test
  void unreachableServerIsAskedAgainEverLaterAndGivenUpAfterThirtyDays() throws Exception {
    site.answer(HOST, "/robots.txt", Answer.status(500));
    var robots = robots();
    robots.rules(KEY);

    assertThat(robots.askedAgain(KEY)).contains(clock.instant().plus(Duration.ofMinutes(1)));
    robots.rules(KEY);
    assertThat(site.count(HOST, "/robots.txt")).isEqualTo(1);

    clock.pass(Duration.ofMinutes(1));
    robots.rules(KEY);
    assertThat(robots.askedAgain(KEY)).contains(clock.instant().plus(Duration.ofMinutes(2)));
    clock.pass(Duration.ofDays(29));
    assertThat(robots.rules(KEY).source()).isEqualTo(Source.UNREACHABLE);
    clock.pass(Duration.ofDays(1));
    assertThat(robots.rules(KEY).source()).isEqualTo(Source.ABSENT);
  }

  @Test
  void rulesAreKeptWhileTheServerCannotSay() throws Exception {
    site.robots(HOST, "User-agent: *\nDisallow: /private\n");
    var robots = robots();
    robots.rules(KEY);
    site.answer(HOST, "/robots.txt", Answer.status(503, "Retry-After", "7200"));
    clock.pass(Duration.ofDays(1));

    var rules = robots.rules(KEY);

    assertThat(rules.allows(url("/private"))).isFalse();
    assertThat(rules.allows(url("/"))).isTrue();
    assertThat(robots.askedAgain(KEY)).contains(clock.instant().plus(Duration.ofHours(2)));
  }

  @Test
  void fileIsHeldForADay() throws Exception {
    site.robots(HOST, "User-agent: *\nDisallow: /private\n");
    var robots = robots();
    robots.rules(KEY);
    clock.pass(Duration.ofHours(23));

    assertThat(robots.held(KEY)).isPresent();
    robots.rules(KEY);
    assertThat(site.count(HOST, "/robots.txt")).isEqualTo(1);

    clock.pass(Duration.ofHours(1));
    assertThat(robots.held(KEY)).isEmpty();
    robots.rules(KEY);
    assertThat(site.count(HOST, "/robots.txt")).isEqualTo(2);
  }

  @Test
  void redirectsAreFollowedFiveTimesAndSpeakForTheFirstServer() throws Exception {
    site.redirect(HOST, "/robots.txt", 301, "/1");
    for (int i = 1; i < 4; i++) {
      site.redirect(HOST, "/" + i, 302, "/" + (i + 1));
    }
    site.redirect(HOST, "/4", 308, "http://other.test/robots.txt");
    site.robots("other.test", "User-agent: *\nDisallow: /private\nSitemap: /map.xml\n");

    var rules = robots().rules(KEY);

    assertThat(rules.source()).isEqualTo(Source.FILE);
    assertThat(rules.allows(url("/private"))).isFalse();
    assertThat(turns).hasSize(6).endsWith(URI.create("http://other.test/robots.txt"));
    assertThat(rules.sitemaps()).containsExactly(url("/map.xml"));
  }

  @Test
  void oneRedirectMoreCountsAsNoFile() throws Exception {
    site.redirect(HOST, "/robots.txt", 301, "/robots.txt");

    assertThat(robots().rules(KEY).source()).isEqualTo(Source.ABSENT);
    assertThat(site.count(HOST, "/robots.txt")).isEqualTo(6);
  }

  @Test
  void fileIsReadUpToItsBound() throws Exception {
    var filling = "# nothing\n".repeat(Robots.MOST_BYTES / 10);
    site.robots(HOST, "User-agent: *\nDisallow: /before\n" + filling + "Disallow: /after\n");

    var rules = robots().rules(KEY);

    assertThat(rules.allows(url("/before"))).isFalse();
    assertThat(rules.allows(url("/after"))).isTrue();
  }

  @Test
  void refusedAddressAllowsNothing() throws Exception {
    var rules = robots().rules(new HostKey("http", "127.0.0.1", 80));

    assertThat(rules.source()).isEqualTo(Source.UNREACHABLE);
  }

  @Test
  void nameThatNoFileCanNameIsRefused() {
    assertThatThrownBy(() -> new Robots(fetcher, "Bot/1.0", _ -> {}, clock, RobotsStore.NONE))
        .hasMessageContaining("Bot/1.0");
  }

  private Robots robots() {
    return robots(RobotsStore.NONE);
  }

  private Robots robots(RobotsStore store) {
    return new Robots(fetcher, "MosaicBot", turns::add, clock, store);
  }

  private static URI url(String path) {
    return URI.create("http://" + HOST + path);
  }

  private static final class SettableClock extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    void pass(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
