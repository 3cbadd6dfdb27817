package io.mosaicdb.crawler.sites;

import com.sun.management.OperatingSystemMXBean;
import io.mosaicdb.contract.document.WriteRequest;
import io.mosaicdb.contract.document.WriteResponse;
import io.mosaicdb.contract.namespace.NamespaceBody;
import io.mosaicdb.contract.namespace.NamespaceCreated;
import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.crawler.crawl.CrawlSettings;
import io.mosaicdb.crawler.crawl.CrawlSpecification;
import io.mosaicdb.crawler.crawl.Crawls;
import io.mosaicdb.crawler.crawl.LiveWeb;
import io.mosaicdb.crawler.fetch.FetchOutcome;
import io.mosaicdb.crawler.fetch.FetchRequest;
import io.mosaicdb.crawler.fetch.FetchSettings;
import io.mosaicdb.crawler.frontier.Frontier;
import io.mosaicdb.crawler.index.CoordinatorApi;
import io.mosaicdb.crawler.index.IndexSettings;
import io.mosaicdb.crawler.page.PageResult;
import io.mosaicdb.crawler.testsite.TestSite;
import io.mosaicdb.crawler.url.UrlNormalizer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jsoup.Jsoup;
import org.jspecify.annotations.Nullable;

/**
 * Serves the sites of a folder on loopback as the hosts that they are, crawls them all at once to
 * the end, and compares the server's log with what can be reached by links, found by reading the
 * files with another program. Exits with 1 where they differ.
 *
 * <p>Arguments: the folder, with {@code <site>/<host>/<path>} below it; then {@code delay=20}
 * (milliseconds), {@code concurrency=8}, {@code connections=1}, {@code fold=false}; {@code
 * crawl-delay.<host>=50} (milliseconds), which the host's robots.txt asks for; {@code log=<file>},
 * where the server's log goes, a line a request; {@code alone=true}, which fetches and reads the
 * pages that can be reached and keeps nothing; {@code rounds=1}, how often in a row (3 where
 * alone); and {@code mosaic=http://127.0.0.1:7700}, a server that takes the documents by keyword
 * only: without it they are made and thrown away.
 */
final class CrawlSites {
  private final TestSite server;
  private final Map<String, Path> hosts = new TreeMap<>();
  private final Map<String, String> options = new HashMap<>();

  private CrawlSites(TestSite server) {
    this.server = server;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length < 1) {
      throw new IllegalArgumentException("say the folder of the sites");
    }
    try (var server = TestSite.open()) {
      var sites = new CrawlSites(server);
      for (int i = 1; i < arguments.length; i++) {
        var parts = arguments[i].split("=", 2);
        sites.options.put(parts[0], parts[1]);
      }
      sites.serve(Path.of(arguments[0]));
      boolean fine = true;
      if (sites.options.containsKey("alone")) {
        fine = sites.readAlone();
      } else {
        for (long round = sites.option("rounds", 1); round > 0; round--) {
          server.forget();
          fine &= sites.crawl();
        }
      }
      System.exit(fine ? 0 : 1);
    }
  }

  private void serve(Path folder) throws IOException {
    try (var below = Files.walk(folder, 2)) {
      for (var host : below.filter(path -> folder.relativize(path).getNameCount() == 2).toList()) {
        var name = host.getFileName().toString();
        hosts.put(name, host);
        server.folder(name, host);
        if (crawlDelay(name).isPositive()) {
          var own = host.resolve("robots.txt");
          var rules = Files.exists(own) ? Files.readString(own).strip() : "User-agent: *";
          server.robots(
              name, rules + "\nCrawl-delay: " + crawlDelay(name).toMillis() / 1000.0 + "\n");
        }
      }
    }
  }

  private Duration crawlDelay(String host) {
    return Duration.ofMillis(option("crawl-delay." + host, 0));
  }

  private long option(String name, long otherwise) {
    return Long.parseLong(options.getOrDefault(name, Long.toString(otherwise)));
  }

  /**
   * Fetches and reads what can be reached, by as many threads as asked for; 0 if all of it came.
   */
  private boolean readAlone() throws IOException, InterruptedException {
    var urls = new ArrayList<URI>();
    for (var host : hosts.entrySet()) {
      var seed = "http://" + host.getKey() + entrance(host.getValue());
      for (var target : reachable(host.getKey(), host.getValue(), seed)) {
        urls.add(URI.create("http://" + host.getKey() + target));
      }
    }
    var next = new AtomicInteger();
    var characters = new AtomicLong();
    var pages = new AtomicInteger();
    try (var web = new LiveWeb(fetching(), _ -> {}, Clock.systemUTC())) {
      for (int round = 1; round <= option("rounds", 3); round++) {
        next.set(0);
        long cpu = cpuNanos();
        long began = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
          for (long i = 0; i < option("concurrency", 8); i++) {
            var _ =
                threads.submit(() -> {
                  for (int at = next.getAndIncrement();
                      at < urls.size();
                      at = next.getAndIncrement()) {
                    var url = urls.get(at);
                    if (web.fetch(FetchRequest.of(url)) instanceof FetchOutcome.Content content
                        && web.read(url, content.headers(), content.body())
                            instanceof PageResult.Readable readable) {
                      pages.incrementAndGet();
                      characters.addAndGet(readable.page().text().length());
                    }
                  }
                  return null;
                });
          }
        }
        double time = seconds(System.nanoTime() - began);
        System.out.printf(
            "round %d: %d pages fetched and read in %.2f s = %.0f pages/s, processor time of crawler and site %.1f s, read %d%n",
            round, urls.size(), time, urls.size() / time, seconds(cpuNanos() - cpu), pages.get());
      }
    }
    return pages.get() == urls.size() * option("rounds", 3) && characters.get() > 0;
  }

  private boolean crawl() throws IOException, InterruptedException {
    var delay = Duration.ofMillis(option("delay", 20));
    var seeds = new ArrayList<String>();
    var reachable = new TreeMap<String, Set<String>>();
    for (var host : hosts.entrySet()) {
      var seed = "http://" + host.getKey() + entrance(host.getValue());
      seeds.add(seed);
      // What is disallowed is asked for by name, so that obeying costs something.
      for (var rule : disallowed(host.getValue())) {
        seeds.add("http://" + host.getKey() + rule + "/forbidden");
      }
      reachable.put(host.getKey(), reachable(host.getKey(), host.getValue(), seed));
    }
    var data = Files.createTempDirectory("crawl-sites-");
    var address = options.get("mosaic");
    var coordinator = address == null ? new Nowhere() : wordsOnly(URI.create(address));
    var specification =
        new CrawlSpecification(
            "sites",
            seeds,
            List.of(),
            true,
            // The sites link to themselves by https as well, which nobody serves here.
            new CrawlSpecification.ScopeRules(
                List.of(), List.of(), List.of("http://**"), List.of()),
            List.of(),
            new CrawlSpecification.Limits(
                1000,
                1_000_000,
                1L << 40,
                null,
                delay,
                (int) option("concurrency", 8),
                (int) option("connections", 1)),
            null,
            options.getOrDefault("fold", "true").equals("true"),
            null,
            false,
            null);
    long cpu = cpuNanos();
    long began = System.nanoTime();
    try (var frontier = Frontier.open(data.resolve("frontier.db"));
        var crawls = crawls(frontier, coordinator)) {
      crawls.start();
      var id = crawls.create(specification, null).row().id();
      while (!crawls.require(id).row().state().equals("succeeded")) {
        Thread.sleep(100);
      }
      long ended = System.nanoTime();
      var last = server.requests().stream().mapToLong(TestSite.Request::nanos).max().orElse(began);
      System.out.printf(
          "outcomes %s%n",
          new TreeMap<>(
              crawls.require(id).tallies().stream()
                  .collect(
                      java.util.stream.Collectors.toMap(
                          tally -> tally.state() + "/" + tally.reason(),
                          io.mosaicdb.crawler.frontier.Tally::urls,
                          Long::sum))));
      var fine = true;
      for (var host : reachable.entrySet()) {
        fine &= compare(host.getKey(), host.getValue(), delay);
      }
      if (options.containsKey("log")) {
        writeLog(Path.of(options.get("log")));
      }
      long pages = reachable.values().stream().mapToLong(Set::size).sum();
      System.out.printf(
          "pages %d, fetched in %.1f s = %.0f pages/s, in the index after %.1f s = %.0f pages/s, processor time of crawler and site %.1f s%n",
          pages,
          seconds(last - began),
          pages / seconds(last - began),
          seconds(ended - began),
          pages / seconds(ended - began),
          seconds(cpuNanos() - cpu));
      var status = crawls.require(id).indexing();
      System.out.println(fine ? "as it should be" : "NOT as it should be");
      System.out.println("indexing " + status);
      return fine;
    } finally {
      try (var files = Files.walk(data)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private FetchSettings fetching() {
    return FetchSettings.of("MosaicDB-trial/0.1 (+mailto:nobody@example.org)")
        .withHosts(server.hosts())
        .withConnectionsPerHost((int) option("connections", 1));
  }

  private Crawls crawls(Frontier frontier, CoordinatorApi coordinator) {
    var settings = fetching();
    return new Crawls(
        frontier,
        CrawlSettings.standard(),
        IndexSettings.standard(),
        (_, _, turn) -> new LiveWeb(settings, turn, Clock.systemUTC()),
        coordinator,
        Clock.systemUTC());
  }

  private static CoordinatorApi wordsOnly(URI address) {
    var coordinator = new HttpCoordinator(address);
    coordinator.createWordsOnly("sites");
    return coordinator;
  }

  /** The page that a reader begins with: the index that is nearest to the top. */
  static String entrance(Path host) throws IOException {
    try (var files = Files.walk(host)) {
      var index =
          files
              .filter(file -> file.getFileName().toString().equals("index.html"))
              .min(Comparator.comparingInt(Path::getNameCount).thenComparing(Path::toString))
              .orElseThrow();
      return "/" + host.relativize(index);
    }
  }

  /** What links lead to, read from the files: paths that are pages. */
  private static Set<String> reachable(String host, Path folder, String seed) throws IOException {
    var disallowed = disallowed(folder);
    var found = new TreeSet<String>();
    var seen = new HashSet<URI>();
    var queue = new ArrayDeque<URI>();
    queue.add(UrlNormalizer.normalize(seed).orElseThrow());
    for (var url = queue.poll(); url != null; url = queue.poll()) {
      var path = url.getRawPath();
      if (!seen.add(url)
          || !host.equals(url.getHost())
          || disallowed.stream().anyMatch(path::startsWith)) {
        continue;
      }
      var file = folder.resolve("." + url.getPath()).normalize();
      if (Files.isDirectory(file)) {
        if (!path.endsWith("/")) {
          queue.add(URI.create("http://" + host + path + "/"));
          continue;
        }
        file = file.resolve("index.html");
      }
      var name = file.getFileName().toString();
      boolean page = name.endsWith(".html") || name.endsWith(".htm") || name.endsWith(".txt");
      if (!Files.isRegularFile(file) || !page) {
        continue;
      }
      found.add(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery());
      if (name.endsWith(".txt")) {
        continue;
      }
      var document = Jsoup.parse(file, null, url.toString());
      for (var link : document.select("a[href], area[href], frame[src], iframe[src]")) {
        var target = link.hasAttr("href") ? link.attr("abs:href") : link.attr("abs:src");
        UrlNormalizer.normalize(target).ifPresent(queue::add);
      }
    }
    return found;
  }

  private static List<String> disallowed(Path folder) throws IOException {
    var robots = folder.resolve("robots.txt");
    if (!Files.exists(robots)) {
      return List.of();
    }
    var rules = new ArrayList<String>();
    for (var line : Files.readAllLines(robots)) {
      if (line.startsWith("Disallow:") && line.length() > 10) {
        rules.add(line.substring(9).strip());
      }
    }
    return rules;
  }

  private boolean compare(String host, Set<String> reachable, Duration delay) throws IOException {
    var pages = new TreeMap<String, Integer>();
    var all = new TreeMap<String, Integer>();
    for (var request : server.requests(host)) {
      all.merge(request.target(), 1, Integer::sum);
      if (request.status() == 200 && reachable.contains(request.target())) {
        pages.merge(request.target(), 1, Integer::sum);
      }
    }
    var missing = new TreeSet<>(reachable);
    missing.removeAll(pages.keySet());
    var twice = new TreeSet<String>();
    all.forEach((target, count) -> {
      if (count > 1) {
        twice.add(target);
      }
    });
    var refused = new TreeSet<String>();
    var disallowed = disallowed(hosts.getOrDefault(host, Path.of(".")));
    for (var target : all.keySet()) {
      if (disallowed.stream().anyMatch(target::startsWith)) {
        refused.add(target);
      }
    }
    var apart = crawlDelay(host).compareTo(delay) > 0 ? crawlDelay(host) : delay;
    var gap = server.shortestGap(host).orElse(Duration.ZERO);
    int gaps = server.requests(host).size() - 1;
    int used = gapsUsedByOthers(host);
    System.out.printf(
        "%s: %d requests, %d of %d reachable pages, missing %s, asked twice %s, disallowed and asked %s, shortest gap %.1f ms of at least %d, others were asked in %d of %d gaps, most at once %d%n",
        host,
        server.requests(host).size(),
        pages.size(),
        reachable.size(),
        few(missing),
        few(twice),
        few(refused),
        gap.toNanos() / 1e6,
        apart.toMillis(),
        used,
        gaps,
        server.mostAtOnce(host));
    return missing.isEmpty()
        && twice.isEmpty()
        && refused.isEmpty()
        && gap.compareTo(apart) >= 0
        && (hosts.size() == 1 || used > 0)
        && server.mostAtOnce(host) <= option("connections", 1);
  }

  /** Gaps between two requests to a host in which another host was asked. */
  private int gapsUsedByOthers(String host) {
    var others = new TreeSet<Long>();
    for (var request : server.requests()) {
      if (!request.host().equals(host)) {
        others.add(request.nanos());
      }
    }
    int used = 0;
    var requests = server.requests(host);
    for (int i = 1; i < requests.size(); i++) {
      var next = others.higher(requests.get(i - 1).nanos());
      if (next != null && next < requests.get(i).nanos()) {
        used++;
      }
    }
    return used;
  }

  /** Milliseconds since the first request, status, host, target. */
  private void writeLog(Path file) throws IOException {
    var requests = new ArrayList<>(server.requests());
    requests.sort(Comparator.comparingLong(TestSite.Request::nanos));
    var lines = new ArrayList<String>();
    for (var request : requests) {
      lines.add(
          "%.3f %d %s %s"
              .formatted(
                  (request.nanos() - requests.getFirst().nanos()) / 1e6,
                  request.status(),
                  request.host(),
                  request.target()));
    }
    Files.write(file, lines);
  }

  private static String few(Set<String> values) {
    return values.isEmpty() ? "none" : values.size() + " " + values.stream().limit(5).toList();
  }

  /** Takes documents and forgets them. */
  private static final class Nowhere implements CoordinatorApi {
    private @Nullable NamespaceRequest namespace;

    @Override
    public NamespaceBody describe(String name) {
      var known = namespace == null ? new NamespaceRequest(null, null) : namespace;
      var schema = known.schema();
      return new NamespaceBody(
          name,
          schema == null ? new NamespaceRequest.SchemaBody(Map.of(), Map.of(), null, true) : schema,
          new NamespaceRequest.SettingsBody(1, 1, "local", "24h", 1, "1m", Map.of()),
          0,
          0,
          0,
          0,
          Map.of(),
          null,
          0);
    }

    @Override
    public NamespaceCreated create(String name, NamespaceRequest request) {
      namespace = request;
      return new NamespaceCreated(name, true);
    }

    @Override
    public WriteResponse write(String name, String key, WriteRequest request) {
      var results = new ArrayList<WriteResponse.Result>();
      if (request.documents() != null) {
        request
            .documents()
            .forEach(document ->
                results.add(
                    new WriteResponse.Result(String.valueOf(document.id()), "created", 1L, null)));
      }
      if (request.deletes() != null) {
        request
            .deletes()
            .forEach(id -> results.add(new WriteResponse.Result(id, "deleted", 1L, null)));
      }
      return new WriteResponse(results, null);
    }
  }
}
