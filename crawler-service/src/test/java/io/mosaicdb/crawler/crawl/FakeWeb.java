package io.mosaicdb.crawler.crawl;

import io.mosaicdb.crawler.fetch.FetchOutcome;
import io.mosaicdb.crawler.fetch.FetchRequest;
import io.mosaicdb.crawler.fetch.ResponseHeaders;
import io.mosaicdb.crawler.page.PageReader;
import io.mosaicdb.crawler.page.PageResult;
import io.mosaicdb.crawler.robots.RobotsRules;
import io.mosaicdb.crawler.url.HostKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A web in memory, which remembers who asked for what and when. What it does not know is 404. */
final class FakeWeb implements Web {
  /** A request, in nanoseconds. */
  record Request(String url, long from, long to) {}

  private final Map<String, Function<FetchRequest, FetchOutcome>> answers =
      new ConcurrentHashMap<>();
  private final Map<String, RobotsRules> rules = new ConcurrentHashMap<>();
  private final Set<HostKey> asked = ConcurrentHashMap.newKeySet();
  private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
  private final PageReader reader = new PageReader();
  private final AtomicInteger deaths = new AtomicInteger();
  private volatile Duration latency = Duration.ZERO;

  FakeWeb page(String url, String html) {
    return answer(
        url,
        request -> content(request.url(), html, ResponseHeaders.of("Content-Type", "text/html")));
  }

  FakeWeb answer(String url, Function<FetchRequest, FetchOutcome> answer) {
    answers.put(url, answer);
    return this;
  }

  FakeWeb remove(String url) {
    answers.remove(url);
    return this;
  }

  FakeWeb moved(String from, String to) {
    return answer(from, request -> new FetchOutcome.Moved(request.url(), URI.create(to), 301));
  }

  /** What robots.txt of a host says. */
  FakeWeb robots(String host, RobotsRules says) {
    rules.put(host, says);
    return this;
  }

  FakeWeb latency(Duration each) {
    latency = each;
    return this;
  }

  /** The next so many pages kill whoever reads them. */
  FakeWeb deaths(int count) {
    deaths.set(count);
    return this;
  }

  static FetchOutcome content(URI url, String html, ResponseHeaders headers) {
    return new FetchOutcome.Content(
        url, 200, headers, html.getBytes(StandardCharsets.UTF_8), Instant.now());
  }

  /** A page with a title, words of its own and links. */
  static String html(String title, String text, String... links) {
    var html =
        new StringBuilder(
            "<html><head><title>"
                + title
                + "</title></head><body><h1>"
                + title
                + "</h1><p>"
                + text
                + "</p>");
    for (var link : links) {
      html.append("<a href='").append(link).append("'>to ").append(link).append("</a> ");
    }
    return html.append("</body></html>").toString();
  }

  static RobotsRules disallowing(String prefix, Duration crawlDelay) {
    return new Rules(prefix, crawlDelay, RobotsRules.Source.FILE);
  }

  static RobotsRules unreachable() {
    return new Rules("/", Duration.ZERO, RobotsRules.Source.UNREACHABLE);
  }

  private record Rules(String prefix, Duration delay, Source source) implements RobotsRules {
    @Override
    public boolean allows(URI url) {
      return !url.getPath().startsWith(prefix);
    }

    @Override
    public Optional<Duration> crawlDelay() {
      return delay.isZero() ? Optional.empty() : Optional.of(delay);
    }

    @Override
    public List<URI> sitemaps() {
      return List.of();
    }
  }

  List<Request> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  List<String> urls() {
    return requests().stream().map(Request::url).toList();
  }

  @Override
  public FetchOutcome fetch(FetchRequest request) throws InterruptedException {
    long from = System.nanoTime();
    var url = request.url().toString();
    try {
      if (!latency.isZero()) {
        Thread.sleep(latency);
      }
      var answer = answers.get(url);
      return answer == null ? new FetchOutcome.Rejected(404, null) : answer.apply(request);
    } finally {
      requests.add(new Request(url, from, System.nanoTime()));
    }
  }

  @Override
  public FetchOutcome fetchFile(URI url, int mostBytes) throws InterruptedException {
    return fetch(FetchRequest.of(url));
  }

  @Override
  public Optional<RobotsRules> heldRules(HostKey host) {
    return asked.contains(host) ? Optional.of(rulesOf(host)) : Optional.empty();
  }

  @Override
  public RobotsRules rules(HostKey host) {
    var found = rulesOf(host);
    if (found.source() != RobotsRules.Source.UNREACHABLE) {
      asked.add(host);
    }
    return found;
  }

  private RobotsRules rulesOf(HostKey host) {
    return rules.getOrDefault(
        host.host(), new Rules("/nowhere-at-all", Duration.ZERO, RobotsRules.Source.ABSENT));
  }

  @Override
  public Optional<Instant> rulesAskedAgain(HostKey host) {
    return Optional.empty();
  }

  @Override
  public PageResult read(URI url, ResponseHeaders headers, byte[] body) {
    if (deaths.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new StackOverflowError("a page that kills its reader");
    }
    return reader.read(url, headers, body);
  }

  @Override
  public void close() {}
}
