package io.mosaicdb.crawler.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.mosaicdb.crawler.fetch.FetchOutcome.Content;
import io.mosaicdb.crawler.fetch.FetchOutcome.Failed;
import io.mosaicdb.crawler.fetch.FetchOutcome.Moved;
import io.mosaicdb.crawler.fetch.FetchOutcome.Rejected;
import io.mosaicdb.crawler.fetch.FetchOutcome.Unchanged;
import io.mosaicdb.crawler.testsite.FaultServer;
import io.mosaicdb.crawler.testsite.TestSite;
import io.mosaicdb.crawler.testsite.TestSite.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FetcherTest {
  private static FaultServer faults;
  private static TestSite site;
  private static Fetcher fetcher;

  @BeforeAll
  static void start() throws Exception {
    faults = FaultServer.open();
    site = TestSite.open();
    fetcher = new Fetcher(settings().withHosts(faults.hosts()));
  }

  @AfterAll
  static void stop() throws Exception {
    fetcher.close();
    site.close();
    faults.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/silent,       HEADERS_TIMEOUT",
    "/slow-headers, HEADERS_TIMEOUT",
    "/stalled-body, BODY_TIMEOUT",
    "/slow-body,    TOTAL_TIMEOUT",
    "/closed,       RESET",
    "/reset,        RESET",
    "/reset-body,   RESET",
    "/to-file,      BAD_REDIRECT",
    "/to-nowhere,   BAD_REDIRECT",
    "/short,        TRUNCATED",
    "/cut-chunks,   TRUNCATED",
    "/cut-gzip,     TRUNCATED",
    "/bad-chunks,   PROTOCOL",
    "/not-http,     PROTOCOL",
    "/gzip-bomb,    DECOMPRESSION_BOMB",
    "/not-gzip,     BAD_ENCODING",
    "/brotli,       BAD_ENCODING",
    "/gigabyte,     TOO_LARGE",
    "/endless,      TOO_LARGE",
    "/film,         UNSUPPORTED_TYPE",
    "/many-headers, HEADERS_TOO_LARGE",
    "/long-header,  HEADERS_TOO_LARGE"
  })
  void eachFaultHasItsOwnName(String path, FailureReason expected) throws Exception {
    var outcome = fetch("http://" + FaultServer.HOST + path);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.reason()).isEqualTo(expected));
  }

  @ParameterizedTest
  @CsvSource({"tls, TLS", "other, TLS", "expired, TLS", "plain, TLS", "mute, TLS_TIMEOUT"})
  void invalidTlsIsNamed(String host, FailureReason expected) throws Exception {
    // Only the one that never answers is given little time: the first handshake of a process is
    // slow.
    var handshake = host.equals("mute") ? Duration.ofMillis(500) : Duration.ofSeconds(20);
    var ample = Duration.ofSeconds(30);
    try (var own =
        new Fetcher(
            settings()
                .withHosts(faults.hosts())
                .withTimeouts(ample, handshake, ample, ample, ample))) {
      var outcome = own.fetch(FetchRequest.of(URI.create("https://" + host + ".faults.test/fine")));

      assertThat(outcome)
          .isInstanceOfSatisfying(
              Failed.class, failed -> assertThat(failed.reason()).isEqualTo(expected));
    }
  }

  @Test
  void trustedTlsIsRead() throws Exception {
    // The first handshake of a process reads much.
    var ample = Duration.ofSeconds(20);
    try (var trusting =
        new Fetcher(
            settings()
                .withHosts(faults.hosts())
                .withTimeouts(ample, ample, ample, ample, ample)
                .withTls(FaultServer.trust()))) {
      var own = trusting.fetch(FetchRequest.of(URI.create("https://tls.faults.test/fine")));
      var other = trusting.fetch(FetchRequest.of(URI.create("https://other.faults.test/fine")));

      assertThat(own).isInstanceOf(Content.class);
      assertThat(other)
          .isInstanceOfSatisfying(
              Failed.class, failed -> assertThat(failed.reason()).isEqualTo(FailureReason.TLS));
    }
  }

  @Test
  void bodiesThatAreNotWantedAreNotTransferred() throws Exception {
    for (var path : List.of("/gigabyte", "/endless", "/film", "/gzip-bomb")) {
      fetch("http://" + FaultServer.HOST + path);

      // What the sockets' buffers take is beyond the fetcher's control.
      assertThat(faults.sent(path)).as(path).isLessThan(64L << 20);
    }
  }

  @Test
  void longerBodyThanSaidEndsWhereItWasSaid() throws Exception {
    assertThat(fetch("http://" + FaultServer.HOST + "/long"))
        .isInstanceOfSatisfying(
            Content.class,
            content ->
                assertThat(new String(content.body(), StandardCharsets.UTF_8))
                    .endsWith("without any fault."));
  }

  @Test
  void lineThatIsNoFieldIsPassedOver() throws Exception {
    assertThat(fetch("http://" + FaultServer.HOST + "/odd-header")).isInstanceOf(Content.class);
  }

  @Test
  void connectionIsKeptAfterPagesErrorsAndRedirects() throws Exception {
    site.answer(
        "kept.test",
        "/packed",
        Answer.html("").with("Content-Encoding", "gzip").body(gzip("<p>packed ".repeat(2000))));
    site.redirect("kept.test", "/moved", 301, "/packed");
    try (var own = new Fetcher(settings().withHosts(site.hosts()))) {
      for (var path : List.of("/packed", "/moved", "/gone", "/packed")) {
        own.fetch(FetchRequest.of(URI.create("http://kept.test" + path)));
      }
    }

    assertThat(site.requests("kept.test"))
        .hasSize(4)
        .extracting(TestSite.Request::client)
        .containsOnly(site.requests("kept.test").getFirst().client());
  }

  @Test
  void askedForPatienceIsReported() throws Exception {
    assertThat(fetch("http://" + FaultServer.HOST + "/busy"))
        .isEqualTo(new Rejected(429, Duration.ofSeconds(1)));
    assertThat(fetch("http://" + FaultServer.HOST + "/busy-until"))
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected ->
                assertThat(rejected.retryAfter())
                    .isBetween(Duration.ofMinutes(50), Duration.ofMinutes(60)));
    assertThat(fetch("http://" + FaultServer.HOST + "/storm-1")).isEqualTo(new Rejected(500, null));
  }

  @Test
  void redirectIsReturnedAndNotFollowed() throws Exception {
    var from = URI.create("http://" + FaultServer.HOST + "/loop-a");

    assertThat(fetch(from.toString()))
        .isEqualTo(new Moved(from, URI.create("http://" + FaultServer.HOST + "/loop-b"), 302));
  }

  @Test
  void addressesBehindRedirectsAreRefused() throws Exception {
    for (var path : List.of("/to-metadata", "/to-mapped")) {
      var moved = (Moved) fetch("http://" + FaultServer.HOST + path);

      assertThat(fetcher.fetch(FetchRequest.of(moved.target())))
          .isInstanceOfSatisfying(
              Failed.class,
              failed -> assertThat(failed.reason()).isEqualTo(FailureReason.ADDRESS_REFUSED));
    }
  }

  @Test
  void nameThatChangesItsAddressReachesNothing() throws Exception {
    try (var listener = new ServerSocket(0)) {
      var answers = new AtomicReference<>("93.184.215.14");
      var resolved = new AtomicInteger();
      try (var guarded =
          new Fetcher(
              settings(),
              _ -> {
                resolved.incrementAndGet();
                return new InetAddress[] {InetAddress.ofLiteral(answers.getAndSet("127.0.0.1"))};
              },
              Clock.systemUTC())) {
        var url = URI.create("http://rebinding.test:" + listener.getLocalPort() + "/");

        // The first answer is public: the connection goes there, and nowhere else.
        assertThat(((Failed) guarded.fetch(FetchRequest.of(url))).reason())
            .isIn(FailureReason.CONNECT, FailureReason.CONNECT_TIMEOUT);
        assertThat(resolved).hasValue(1);
        assertThat(((Failed) guarded.fetch(FetchRequest.of(url))).reason())
            .isEqualTo(FailureReason.ADDRESS_REFUSED);
      }
      listener.setSoTimeout(1);
      assertThatThrownBy(listener::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void unknownHostAndClosedPortHaveTheirOwnNames() throws Exception {
    int closed;
    try (var listener = new ServerSocket(0)) {
      closed = listener.getLocalPort();
    }
    try (var local =
        new Fetcher(
            settings()
                .withHosts(
                    Map.of(
                        "gone.test",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), closed))))) {
      assertThat(local.fetch(FetchRequest.of(URI.create("http://gone.test/"))))
          .isInstanceOfSatisfying(
              Failed.class, failed -> assertThat(failed.reason()).isEqualTo(FailureReason.CONNECT));
    }
    try (var nameless =
        new Fetcher(
            settings(),
            host -> {
              throw new UnknownHostException(host);
            },
            Clock.systemUTC())) {
      assertThat(nameless.fetch(FetchRequest.of(URI.create("http://nowhere.test/"))))
          .isInstanceOfSatisfying(
              Failed.class, failed -> assertThat(failed.reason()).isEqualTo(FailureReason.DNS));
    }
  }

  @Test
  void loopbackIsReachedOnlyWhereAllowed() throws Exception {
    site.page("127.0.0.1", "/", "<title>Local</title>");
    var url = URI.create("http://127.0.0.1:" + site.address().getPort() + "/");
    try (var allowing = new Fetcher(settings().withAllowAddresses(List.of("127.0.0.0/8")))) {
      assertThat(allowing.fetch(FetchRequest.of(url))).isInstanceOf(Content.class);
    }
    assertThat(((Failed) fetcher.fetch(FetchRequest.of(url))).reason())
        .isEqualTo(FailureReason.ADDRESS_REFUSED);
  }

  @Test
  void validatorsAreSentAndUnchangedContentIsNotTransferred() throws Exception {
    site.page("validated.test", "/", "<title>Same</title>");
    try (var own = new Fetcher(settings().withHosts(site.hosts()))) {
      var url = URI.create("http://validated.test/");
      var first = (Content) own.fetch(FetchRequest.of(url));
      var etag = first.headers().first("etag").orElseThrow();

      assertThat(own.fetch(new FetchRequest(url, etag, null))).isInstanceOf(Unchanged.class);
      assertThat(own.fetch(new FetchRequest(url, "\"other\"", null))).isInstanceOf(Content.class);
      assertThat(site.requests("validated.test"))
          .extracting(TestSite.Request::validator, TestSite.Request::status)
          .containsExactly(tuple("", 200), tuple(etag, 304), tuple("\"other\"", 200));
    }
  }

  @Test
  void oneHostIsAskedForOnePageAtATimeAndOthersMeanwhile() throws Exception {
    for (int i = 0; i < 8; i++) {
      site.page("one.test", "/" + i, "<title>One</title>");
      site.page("two.test", "/" + i, "<title>Two</title>");
    }
    site.pause(Duration.ofMillis(20));
    try (var own = new Fetcher(settings().withHosts(site.hosts()));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var fetches = new ArrayList<Future<FetchOutcome>>();
      for (int i = 0; i < 8; i++) {
        for (var host : List.of("one.test", "two.test")) {
          var url = URI.create("http://" + host + "/" + i);
          fetches.add(threads.submit(() -> own.fetch(FetchRequest.of(url))));
        }
      }
      for (var fetch : fetches) {
        assertThat(fetch.get()).isInstanceOf(Content.class);
      }
    } finally {
      site.pause(Duration.ZERO);
    }

    assertThat(site.mostAtOnce("one.test")).isEqualTo(1);
    assertThat(site.mostAtOnce("two.test")).isEqualTo(1);
    var order =
        site.requests().stream()
            .map(TestSite.Request::host)
            .filter(Set.of("one.test", "two.test")::contains)
            .toList();
    assertThat(order.subList(0, 4)).contains("one.test", "two.test");
  }

  @Test
  void userAgentGoesOutAndCookiesDoNotComeBack() throws Exception {
    site.answer("cookies.test", "/", Answer.html("<p>hi").with("Set-Cookie", "a=b"));
    try (var own = new Fetcher(settings().withHosts(site.hosts()))) {
      own.fetch(FetchRequest.of(URI.create("http://cookies.test/")));
      own.fetch(FetchRequest.of(URI.create("http://cookies.test/")));
    }

    assertThat(site.requests("cookies.test"))
        .hasSize(2)
        .allSatisfy(request -> assertThat(request.userAgent()).isEqualTo(settings().userAgent()))
        .allSatisfy(request -> assertThat(request.cookie()).isEmpty());
  }

  @Test
  void beginningOfAnyTypeIsReadAndCut() throws Exception {
    var outcome =
        fetcher.fetchBeginning(URI.create("http://" + FaultServer.HOST + "/film"), 500 << 10);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Content.class, content -> assertThat(content.body()).hasSize(500 << 10));
  }

  @Test
  void typesAreAChoice() throws Exception {
    site.answer(
        "types.test",
        "/a.pdf",
        new Answer(200, "application/pdf", Map.of(), new byte[] {'%', 'P', 'D', 'F'}));
    var url = URI.create("http://types.test/a.pdf");
    try (var html = new Fetcher(settings().withHosts(site.hosts()));
        var pdf =
            new Fetcher(
                settings()
                    .withHosts(site.hosts())
                    .withTypes(Set.of("text/*", "application/pdf")))) {
      assertThat(((Failed) html.fetch(FetchRequest.of(url))).reason())
          .isEqualTo(FailureReason.UNSUPPORTED_TYPE);
      assertThat(pdf.fetch(FetchRequest.of(url))).isInstanceOf(Content.class);
    }
  }

  @Test
  void interruptionEndsAFetch() throws Exception {
    long before = faults.requests().stream().filter("/silent"::equals).count();
    try (var patient = new Fetcher(FetchSettings.of("TestBot").withHosts(faults.hosts()));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var fetch =
          threads.submit(() ->
              patient.fetch(FetchRequest.of(URI.create("http://" + FaultServer.HOST + "/silent"))));
      while (faults.requests().stream().filter("/silent"::equals).count() == before) {
        Thread.onSpinWait();
      }
      threads.shutdownNow();

      assertThatThrownBy(fetch::get).hasCauseInstanceOf(InterruptedException.class);
    }
  }

  private static FetchOutcome fetch(String url) throws InterruptedException {
    return fetcher.fetch(FetchRequest.of(URI.create(url)));
  }

  private static byte[] gzip(String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static FetchSettings settings() {
    var brief = Duration.ofMillis(500);
    return FetchSettings.of("TestBot/1.0 (+https://bot.test/; bot@bot.test)")
        .withMostBytes(4 << 20)
        .withTimeouts(brief, brief, brief, brief, Duration.ofMillis(1500));
  }
}
