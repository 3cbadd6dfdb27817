package io.mosaicdb.crawler.crawl;

import static io.mosaicdb.crawler.crawl.FakeWeb.html;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.crawler.fetch.FailureReason;
import io.mosaicdb.crawler.fetch.FetchOutcome;
import io.mosaicdb.crawler.fetch.ResponseHeaders;
import io.mosaicdb.crawler.frontier.Frontier;
import io.mosaicdb.crawler.frontier.UrlRow;
import io.mosaicdb.crawler.index.IndexSettings;
import io.mosaicdb.crawler.url.HostKey;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CrawlsTest {
  private static final String SITE = "http://site.example";

  @TempDir private Path folder;
  private final FakeWeb web = new FakeWeb();
  private final FakeCoordinator coordinator = new FakeCoordinator();
  private @Nullable Frontier frontier;
  private @Nullable Crawls crawls;

  @BeforeEach
  void open() {
    frontier = Frontier.open(folder.resolve("frontier.db"));
    crawls = crawls(frontier);
    crawls.start();
  }

  private Frontier frontier() {
    return java.util.Objects.requireNonNull(frontier);
  }

  private Crawls crawls(Frontier on) {
    return crawls(on, Duration.ofMillis(2));
  }

  private Crawls crawls(Frontier on, Duration firstBackOff) {
    return new Crawls(
        on,
        new CrawlSettings(
            3,
            5,
            4,
            firstBackOff,
            firstBackOff.multipliedBy(10),
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
        coordinator,
        Clock.systemUTC());
  }

  @AfterEach
  void close() {
    crawls().close();
    if (frontier != null) {
      frontier.close();
    }
  }

  private Crawls crawls() {
    return java.util.Objects.requireNonNull(crawls);
  }

  private void restart() {
    close();
    open();
  }

  private static CrawlSpecification site(CrawlSpecification.Limits limits, String... seeds) {
    return new CrawlSpecification(
        "docs",
        List.of(seeds),
        List.of(),
        true,
        new CrawlSpecification.ScopeRules(List.of(), List.of(), List.of(), List.of()),
        List.of(),
        limits,
        null,
        true,
        null,
        false,
        null);
  }

  private static CrawlSpecification site(String... seeds) {
    return site(limits(100, 1000, Duration.ZERO), seeds);
  }

  private static CrawlSpecification.Limits limits(int depth, long pages, Duration delay) {
    return new CrawlSpecification.Limits(depth, pages, 1L << 40, null, delay, 4, 1);
  }

  private String crawl(CrawlSpecification specification) {
    var id = crawls().create(specification, null).row().id();
    await(() -> crawls().require(id).row().state().equals("succeeded"));
    return id;
  }

  private static void await(BooleanSupplier condition) {
    var until = Instant.now().plusSeconds(20);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as("the time to wait is over").isBefore(until);
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private boolean isWaiting(String id) {
    var status = crawls().require(id).indexing();
    return status != null && status.waitingSince() != null;
  }

  private Map<String, String> outcomes(String id) {
    return crawls().urls(id, null, null, 0, 1000).stream()
        .collect(Collectors.toMap(UrlRow::url, row -> row.state() + " " + row.reason()));
  }

  private static String words(int seed) {
    var random = new Random(seed);
    var text = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      text.append("word").append(random.nextInt(1000)).append(' ');
    }
    return text.toString();
  }

  /** A site of pages 0 to n - 1, each linked from the page before it. */
  private void chain(int pages) {
    for (int i = 0; i < pages; i++) {
      web.page(SITE + "/" + i, html("Page " + i, words(i), "/" + (i + 1) % pages, "/0"));
    }
  }

  @Test
  void bringsEveryPageOfASiteIntoTheIndexOnce() {
    chain(20);

    var id = crawl(site(SITE + "/0"));

    assertThat(coordinator.documents()).hasSize(20);
    assertThat(web.urls()).hasSize(20).doesNotHaveDuplicates();
    assertThat(outcomes(id).values()).containsOnly("done stored");
    var document = coordinator.document(SITE + "/7");
    assertThat(document.title()).isEqualTo("Page 7");
    assertThat(document.fields()).containsEntry("anchors", "to /7");
    assertThat(document.links()).extracting("url").containsExactly(SITE + "/8", SITE + "/0");
    assertThat(document.attributes())
        .containsEntry("host", "site.example")
        .containsEntry("depth", 7);
  }

  @Test
  void fetchesAllSpellingsOfAUrlOnce() {
    web.page(SITE + "/", html("Home", words(1), "/a", "/a#x", "/./a", "HTTP://SITE.example/a"));
    web.page(SITE + "/a", html("A", words(2), "mailto:a@b.c", "http://other.example/x"));

    var id = crawl(site(SITE + "/"));

    assertThat(web.urls()).containsExactly(SITE + "/", SITE + "/a");
    assertThat(outcomes(id)).containsOnlyKeys(SITE + "/", SITE + "/a");
  }

  @Test
  void fetchesNothingBeyondTheDepthAndFindsTheShortestWay() {
    web.page(SITE + "/0", html("0", words(0), "/1", "/far1"));
    web.page(SITE + "/1", html("1", words(1), "/2"));
    web.page(SITE + "/2", html("2", words(2), "/3"));
    web.page(SITE + "/3", html("3", words(3)));
    web.page(SITE + "/far1", html("far 1", words(4), "/far2"));
    web.page(SITE + "/far2", html("far 2", words(5), "/3", "/beyond"));

    var id = crawl(site(limits(2, 1000, Duration.ZERO), SITE + "/0"));

    assertThat(web.urls()).doesNotContain(SITE + "/3", SITE + "/beyond").hasSize(5);
    assertThat(outcomes(id))
        .containsEntry(SITE + "/3", "skipped depth")
        .containsEntry(SITE + "/beyond", "skipped depth");
  }

  @Test
  void fetchesAPageThatAShorterWayBringsWithinTheDepth() {
    // The long way is of high priority and so found first.
    web.page(SITE + "/0", html("0", words(0), "/fast/1", "/slow"));
    web.page(SITE + "/fast/1", html("f1", words(1), "/fast/2"));
    web.page(SITE + "/fast/2", html("f2", words(2), "/fast/3"));
    web.page(SITE + "/fast/3", html("f3", words(3), "/end"));
    web.page(SITE + "/slow", html("s", words(4), "/fast/3"));
    web.page(SITE + "/end", html("end", words(5)));
    var specification =
        new CrawlSpecification(
            "docs",
            List.of(SITE + "/0"),
            List.of(),
            true,
            new CrawlSpecification.ScopeRules(List.of(), List.of(), List.of(), List.of()),
            List.of(new CrawlSpecification.PriorityRule("/fast/**", 10)),
            new CrawlSpecification.Limits(3, 1000, 1L << 40, null, Duration.ZERO, 1, 1),
            null,
            true,
            null,
            false,
            null);

    crawl(specification);

    assertThat(web.urls())
        .containsExactly(
            SITE + "/0",
            SITE + "/fast/1",
            SITE + "/fast/2",
            SITE + "/fast/3",
            SITE + "/slow",
            SITE + "/end");
  }

  @Test
  void keepsItsDistanceFromEachHostWhileOthersProceed() {
    var delay = Duration.ofMillis(60);
    var hosts = List.of("http://a.example", "http://b.example", "http://c.example");
    for (var host : hosts) {
      web.page(host + "/", html(host, words(host.hashCode()), "/1", "/2", "/3", "/4"));
      for (int i = 1; i <= 4; i++) {
        web.page(host + "/" + i, html(host + i, words(host.hashCode() + i)));
      }
    }

    crawl(
        site(
            limits(9, 1000, delay), hosts.stream().map(host -> host + "/").toArray(String[]::new)));

    long first = Long.MAX_VALUE;
    long last = 0;
    for (var host : hosts) {
      var times = new ArrayList<FakeWeb.Request>();
      for (var request : web.requests()) {
        if (request.url().startsWith(host)) {
          times.add(request);
        }
      }
      assertThat(times).hasSize(5);
      for (int i = 1; i < times.size(); i++) {
        assertThat(times.get(i).from() - times.get(i - 1).to())
            .as("gap before %s", times.get(i).url())
            .isGreaterThanOrEqualTo(delay.toNanos());
      }
      first = Math.min(first, times.getFirst().from());
      last = Math.max(last, times.getLast().to());
    }
    // One after the other the three hosts would have taken three times as long.
    assertThat(Duration.ofNanos(last - first)).isLessThan(delay.multipliedBy(12));
  }

  @Test
  void takesHttpHttpsAndOtherPortsOfAHostForOneMachine() {
    var schemes = List.of("http://site.example", "https://site.example", "http://site.example:81");
    for (var scheme : schemes) {
      for (int i = 0; i < 5; i++) {
        web.page(scheme + "/" + i, html(scheme + i, words(i), "/" + (i + 1) % 5));
      }
    }

    crawl(
        site(
            limits(100, 1000, Duration.ofMillis(30)),
            schemes.stream().map(scheme -> scheme + "/0").toArray(String[]::new)));

    var requests = new ArrayList<>(web.requests());
    requests.sort(Comparator.comparingLong(FakeWeb.Request::from));
    assertThat(requests).hasSize(15);
    for (int i = 1; i < requests.size(); i++) {
      assertThat(requests.get(i).from() - requests.get(i - 1).to())
          .isGreaterThanOrEqualTo(Duration.ofMillis(30).toNanos());
    }
  }

  @Test
  void goesOnWithHttpWhereHttpsOfTheSameHostFails() {
    var secure = "https://site.example";
    chain(12);
    web.answer(
        secure + "/a", _ -> new FetchOutcome.Failed(FailureReason.CONNECT, "nobody listens"));

    try (var slow = crawls(frontier(), Duration.ofMinutes(5))) {
      var id = slow.create(site(secure + "/a", SITE + "/0"), null).row().id();
      await(() -> web.urls().contains(secure + "/a") && coordinator.documents().size() == 12);

      assertThat(slow.require(id).row().state()).isEqualTo("running");
    }
  }

  @Test
  void obeysRobotsAndItsCrawlDelay() {
    web.robots("site.example", FakeWeb.disallowing("/private", Duration.ofMillis(80)));
    web.page(SITE + "/", html("Home", words(1), "/private/x", "/open"));
    web.page(SITE + "/open", html("Open", words(2)));
    web.page(SITE + "/private/x", html("Private", words(3)));

    var id = crawl(site(SITE + "/"));

    assertThat(web.urls()).containsExactly(SITE + "/", SITE + "/open");
    assertThat(outcomes(id)).containsEntry(SITE + "/private/x", "skipped robots");
    var requests = web.requests();
    assertThat(requests.get(1).from() - requests.get(0).to())
        .isGreaterThanOrEqualTo(Duration.ofMillis(80).toNanos());
  }

  @Test
  void storesTheTargetOfARedirectAndStopsLoops() {
    web.page(SITE + "/", html("Home", words(1), "/old", "/loop1", "/self", "/gone", "/away"));
    web.moved(SITE + "/old", SITE + "/new");
    web.page(SITE + "/new", html("New", words(2)));
    web.moved(SITE + "/loop1", SITE + "/loop2");
    web.moved(SITE + "/loop2", SITE + "/loop1");
    web.moved(SITE + "/self", SITE + "/self");
    web.moved(SITE + "/away", "http://elsewhere.example/");

    var id = crawl(site(SITE + "/"));

    assertThat(coordinator.documents()).containsOnlyKeys(SITE + "/", SITE + "/new");
    assertThat(coordinator.document(SITE + "/new").fields()).containsEntry("anchors", "to /old");
    assertThat(outcomes(id))
        .containsEntry(SITE + "/old", "done redirect")
        .containsEntry(SITE + "/loop2", "failed redirect_loop")
        .containsEntry(SITE + "/self", "failed redirect_loop")
        .containsEntry(SITE + "/gone", "failed http_404")
        .containsEntry(SITE + "/away", "skipped redirect_out_of_scope");
    assertThat(web.urls()).doesNotHaveDuplicates().doesNotContain("http://elsewhere.example/");
  }

  @Test
  void replacesADeadWorkerAndThePageStillArrives() {
    chain(10);
    web.deaths(2);

    var id = crawl(site(SITE + "/0"));

    assertThat(coordinator.documents()).hasSize(10);
    assertThat(outcomes(id).values()).containsOnly("done stored");
  }

  @Test
  void replacesAWorkerThatWasInterrupted() {
    chain(30);
    web.latency(Duration.ofMillis(10));
    var id = crawls().create(site(SITE + "/0"), null).row().id();
    await(() -> !web.requests().isEmpty());

    crawls().workersOf(id).forEach(Thread::interrupt);

    await(() -> crawls().require(id).row().state().equals("succeeded"));
    assertThat(coordinator.documents()).hasSize(30);
  }

  @Test
  void triesAgainAndGivesUpAHostThatAlwaysFails() {
    web.page(SITE + "/", html("Home", words(1), "http://bad.example/1", "http://bad.example/2"));
    var specification =
        new CrawlSpecification(
            "docs",
            List.of(SITE + "/"),
            List.of(),
            true,
            new CrawlSpecification.ScopeRules(
                List.of("site.example", "bad.example"), List.of(), List.of(), List.of()),
            List.of(),
            limits(9, 100, Duration.ZERO),
            null,
            true,
            null,
            false,
            null);
    for (int i = 1; i <= 2; i++) {
      web.answer("http://bad.example/" + i, _ -> new FetchOutcome.Rejected(503, null));
    }

    var id = crawl(specification);

    var outcomes = outcomes(id);
    assertThat(outcomes.get("http://bad.example/1"))
        .isIn("failed http_503", "failed host_given_up");
    assertThat(outcomes.get("http://bad.example/2"))
        .isIn("failed http_503", "failed host_given_up");
    assertThat(web.urls().stream().filter(url -> url.contains("bad"))).hasSize(4);
  }

  @Test
  void waitsAsLongAsTheServerAsks() {
    var calls = new java.util.concurrent.atomic.AtomicInteger();
    web.answer(
        SITE + "/",
        request ->
            calls.incrementAndGet() == 1
                ? new FetchOutcome.Rejected(429, Duration.ofMillis(300))
                : FakeWeb.content(
                    request.url(),
                    html("Home", words(1)),
                    ResponseHeaders.of("Content-Type", "text/html")));

    crawl(site(SITE + "/"));

    var requests = web.requests();
    assertThat(requests).hasSize(2);
    assertThat(requests.get(1).from() - requests.get(0).to())
        .isGreaterThanOrEqualTo(Duration.ofMillis(300).toNanos());
  }

  @Test
  void keepsPagesWhileNobodyTakesDocuments() {
    chain(12);
    coordinator.down(true);
    var id = crawls().create(site(SITE + "/0"), null).row().id();
    await(() -> web.requests().size() == 12);
    await(() -> isWaiting(id));
    // A page is kept only after its answer came.
    await(() -> crawls().require(id).unindexed() == 12);

    restart();
    coordinator.down(false);

    await(() -> crawls().require(id).row().state().equals("succeeded"));
    assertThat(coordinator.documents()).hasSize(12);
    assertThat(web.urls()).doesNotHaveDuplicates();
  }

  @Test
  void goesOnWhereItWasStopped() {
    chain(40);
    web.latency(Duration.ofMillis(4));
    var id = crawls().create(site(SITE + "/0"), null).row().id();
    for (int i = 0; i < 4; i++) {
      int now = web.requests().size();
      await(() -> web.requests().size() > now + 2);
      restart();
    }

    await(() -> crawls().require(id).row().state().equals("succeeded"));

    assertThat(coordinator.documents()).hasSize(40);
    var times =
        web.urls().stream().collect(Collectors.groupingBy(url -> url, Collectors.counting()));
    assertThat(times.values()).allMatch(count -> count <= 2);
  }

  @Test
  void foldsDuplicatesIntoOneDocument() {
    web.page(SITE + "/", html("Home", words(1), "/copy-of-the-page", "/page"));
    web.page(SITE + "/page", html("Same", words(2)));
    web.page(SITE + "/copy-of-the-page", html("Same", words(2)));

    var id = crawl(site(SITE + "/"));

    assertThat(coordinator.documents()).containsOnlyKeys(SITE + "/", SITE + "/page");
    assertThat(outcomes(id)).containsEntry(SITE + "/copy-of-the-page", "done duplicate");
    assertThat(String.valueOf(coordinator.document(SITE + "/page").fields()))
        .contains("to /page")
        .contains("to /copy-of-the-page");
  }

  @Test
  void stopsAtTheBudgetOfPages() {
    chain(30);

    var id = crawl(site(limits(100, 7, Duration.ZERO), SITE + "/0"));

    assertThat(web.urls()).hasSize(7);
    assertThat(crawls().require(id).row().reason()).isEqualTo("pages_budget");
    assertThat(coordinator.documents()).hasSize(7);
  }

  @Test
  void pausesGoesOnAndCancels() {
    chain(60);
    web.latency(Duration.ofMillis(3));
    var id = crawls().create(site(SITE + "/0"), null).row().id();
    await(() -> web.requests().size() >= 3);

    crawls().pause(id);
    await(() -> crawls().require(id).workers() == 0);
    int now = web.requests().size();
    assertThat(crawls().require(id).row().state()).isEqualTo("paused");

    crawls().resume(id);
    await(() -> web.requests().size() > now + 3);
    crawls().cancel(id);

    assertThat(crawls().require(id).row().state()).isEqualTo("canceled");
    assertThatThrownBy(() -> crawls().resume(id))
        .isInstanceOf(MosaicException.class)
        .hasMessageContaining("been canceled");
  }

  @Test
  void recrawlsWithoutWritingWhatDidNotChangeAndDeletesWhatIsGone() {
    web.page(SITE + "/", html("Home", words(1), "/a", "/b", "/c"));
    web.answer(
        SITE + "/a",
        request ->
            "\"1\"".equals(request.etag())
                ? new FetchOutcome.Unchanged(request.url(), ResponseHeaders.NONE, Instant.now())
                : FakeWeb.content(
                    request.url(),
                    html("A", words(2)),
                    ResponseHeaders.of("Content-Type", "text/html", "ETag", "\"1\"")));
    web.page(SITE + "/b", html("B", words(3)));
    web.page(SITE + "/c", html("C", words(4)));
    var id = crawl(site(SITE + "/"));
    int writesOfA = coordinator.writesOf(SITE + "/a");
    int writesOfB = coordinator.writesOf(SITE + "/b");

    web.remove(SITE + "/b");
    web.moved(SITE + "/c", SITE + "/d");
    web.page(SITE + "/d", html("C", words(4)));
    crawls().recrawl(id);
    await(() -> crawls().require(id).row().state().equals("succeeded"));

    assertThat(coordinator.documents()).containsOnlyKeys(SITE + "/", SITE + "/a", SITE + "/d");
    assertThat(outcomes(id))
        .containsEntry(SITE + "/a", "done unchanged")
        .containsEntry(SITE + "/b", "failed http_404")
        .containsEntry(SITE + "/c", "done redirect");
    assertThat(coordinator.writesOf(SITE + "/a")).isEqualTo(writesOfA);
    assertThat(coordinator.writesOf(SITE + "/b")).isEqualTo(writesOfB);
    assertThat(crawls().require(id).row().run()).isEqualTo(2);
  }

  @Test
  void looksAgainSoonerAtWhatChanges() {
    web.page(SITE + "/", html("Home", words(1), "/still"));
    var changes = new AtomicInteger();
    web.answer(
        SITE + "/",
        request ->
            FakeWeb.content(
                request.url(),
                html("Home", words(100 + changes.incrementAndGet()), "/still"),
                ResponseHeaders.of("Content-Type", "text/html")));
    web.page(SITE + "/still", html("Still", words(2)));
    var once = site(SITE + "/");
    var specification =
        new CrawlSpecification(
            "docs",
            once.seeds(),
            List.of(),
            true,
            once.scope(),
            List.of(),
            once.limits(),
            null,
            true,
            new CrawlSpecification.Recrawl(Duration.ofMillis(400), true),
            false,
            null);

    var id = crawls().create(specification, null).row().id();

    await(() -> web.urls().stream().filter((SITE + "/")::equals).count() >= 6);
    crawls().cancel(id);
    assertThat(web.urls().stream().filter((SITE + "/still")::equals).count())
        .isLessThan(web.urls().stream().filter((SITE + "/")::equals).count());
  }

  @Test
  void asksNothingOfAHostWhoseRulesCannotBeHad() {
    web.robots("site.example", FakeWeb.unreachable());
    web.page(SITE + "/", html("Home", words(1)));

    var id = crawl(site(SITE + "/"));

    assertThat(web.requests()).isEmpty();
    assertThat(outcomes(id)).containsEntry(SITE + "/", "failed host_given_up");
  }

  @Test
  void givesOneCrawlForARepeatedKey() {
    chain(2);

    var first = crawls().create(site(SITE + "/0"), "key").row().id();
    var second = crawls().create(site(SITE + "/0"), "key").row().id();

    assertThat(second).isEqualTo(first);
    assertThatThrownBy(() -> crawls().create(site(SITE + "/1"), "key"))
        .isInstanceOf(MosaicException.class)
        .hasMessageContaining("another one");
  }

  @Test
  void costsNoProcessorTimeWhileNothingIsDue() throws Exception {
    web.page(SITE + "/", html("Home", words(1), "/1"));
    web.page(SITE + "/1", html("One", words(2)));
    var id =
        crawls().create(site(limits(5, 10, Duration.ofMinutes(5)), SITE + "/"), null).row().id();
    await(() -> web.heldRules(HostKey.of(URI.create(SITE + "/"))).isPresent());
    var threads = java.lang.management.ManagementFactory.getThreadMXBean();
    long before = cpu(threads);

    Thread.sleep(500);

    assertThat(Duration.ofNanos(cpu(threads) - before)).isLessThan(Duration.ofMillis(100));
    assertThat(crawls().require(id).row().state()).isEqualTo("running");
  }

  private static long cpu(java.lang.management.ThreadMXBean threads) {
    long sum = 0;
    for (long thread : threads.getAllThreadIds()) {
      var info = threads.getThreadInfo(thread);
      if (info != null
          && (info.getThreadName().startsWith("frontier")
              || info.getThreadName().startsWith("ForkJoinPool")
              || info.getThreadName().startsWith("VirtualThread"))) {
        sum += Math.max(0, threads.getThreadCpuTime(thread));
      }
    }
    return sum;
  }

  @Test
  void storesAPageWhoseCanonicalOneIsMissing() {
    web.page(SITE + "/", html("Home", words(1), "/a", "/b"));
    web.page(SITE + "/a", canonical("/main", words(2)));
    web.page(SITE + "/b", canonical("/missing", words(3)));
    web.page(SITE + "/main", html("Main", words(2)));

    var id = crawl(site(SITE + "/"));

    assertThat(URI.create(SITE + "/")).isNotNull();
    assertThat(outcomes(id)).containsEntry(SITE + "/main", "done stored");
    assertThat(coordinator.documents()).containsKeys(SITE + "/main", SITE + "/b");
  }

  private static String canonical(String target, String text) {
    return "<html><head><title>T</title><link rel=canonical href='%s'></head><body><p>%s</p></body></html>"
        .formatted(target, text);
  }
}
