package io.mosaicdb.crawler.api;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.crawler.api.CrawlRequest.LimitsBody;
import io.mosaicdb.crawler.api.CrawlRequest.PaceBody;
import io.mosaicdb.crawler.api.CrawlRequest.ScopeBody;
import io.mosaicdb.crawler.crawl.CrawlSpecification;
import io.mosaicdb.crawler.crawl.CrawlSpecification.Limits;
import io.mosaicdb.crawler.crawl.CrawlSpecification.PriorityRule;
import io.mosaicdb.crawler.crawl.CrawlSpecification.Recrawl;
import io.mosaicdb.crawler.crawl.CrawlSpecification.ScopeRules;
import io.mosaicdb.crawler.crawl.LiveWeb;
import io.mosaicdb.crawler.crawl.Patterns;
import io.mosaicdb.crawler.url.UrlNormalizer;
import io.mosaicdb.model.NamespaceName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/** Checks requests, and fills in what they leave out. */
final class CrawlCheck {
  static final int MOST_SEEDS = 10_000;
  static final int MOST_RULES = 1_000;
  static final int LONGEST_URL = 2_048;
  private static final int MOST_CONCURRENCY = 256;
  private static final int MOST_CONNECTIONS = 16;
  private static final Duration LONGEST_DELAY = Duration.ofHours(1);
  private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);
  private static final Duration LONGEST_INTERVAL = Duration.ofDays(3650);
  private static final Pattern HOST =
      Pattern.compile("(\\*\\.)?[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?|\\[[0-9a-f:.]{2,45}]");

  private static final Pattern FOLDER = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private final CrawlDefaults defaults;

  CrawlCheck(CrawlDefaults defaults) {
    this.defaults = defaults;
  }

  /**
   * @throws MosaicException with a pointer to the first value at fault
   */
  CrawlSpecification check(CrawlRequest request) {
    var seeds = urls(request.seeds(), "/seeds");
    var sitemaps = urls(request.sitemaps(), "/sitemaps");
    if (seeds.isEmpty() && sitemaps.isEmpty()) {
      throw MosaicException.invalidValue("/seeds", "must name a URL, unless sitemaps do");
    }
    return new CrawlSpecification(
        namespace(request.namespace()),
        seeds,
        sitemaps,
        request.robotsSitemaps() == null || request.robotsSitemaps(),
        scope(request.scope()),
        priorities(request.priorities()),
        limits(request.limits(), request.replay() == null ? defaults.delay() : Duration.ZERO),
        userAgent(request.userAgent()),
        request.foldDuplicates() == null || request.foldDuplicates(),
        recrawl(request.recrawl()),
        Boolean.TRUE.equals(request.warc()),
        replay(request.replay()));
  }

  private static @Nullable String replay(@Nullable String folder) {
    if (folder != null && !FOLDER.matcher(folder).matches()) {
      throw MosaicException.invalidValue(
          "/replay",
          "must be 1 to 64 of a-z A-Z 0-9 _ -: a crawl's id, or a folder beside its archive, got '"
              + folder
              + "'");
    }
    return folder;
  }

  private static String namespace(@Nullable String name) {
    if (name == null) {
      throw MosaicException.invalidValue("/namespace", "must be given");
    }
    try {
      return new NamespaceName(name).value();
    } catch (IllegalArgumentException e) {
      throw MosaicException.invalidValue("/namespace", String.valueOf(e.getMessage()));
    }
  }

  private static List<String> urls(@Nullable List<String> urls, String pointer) {
    var normal = new LinkedHashSet<String>();
    int at = 0;
    for (var url : bounded(urls, MOST_SEEDS, pointer)) {
      var here = pointer + "/" + at++;
      if (url.length() > LONGEST_URL) {
        throw MosaicException.invalidValue(
            here, "may have " + LONGEST_URL + " characters, got " + url.length());
      }
      var parsed = UrlNormalizer.normalize(url);
      if (parsed.isEmpty()) {
        throw MosaicException.invalidValue(
            here, "must be an absolute http or https URL, got '" + url + "'");
      }
      normal.add(parsed.get().toString());
    }
    return List.copyOf(normal);
  }

  private static <T> List<T> bounded(@Nullable List<T> values, int most, String pointer) {
    if (values == null) {
      return List.of();
    }
    if (values.size() > most) {
      throw MosaicException.invalidValue(
          pointer, "may have " + most + " elements, got " + values.size());
    }
    int missing = new ArrayList<>(values).indexOf(null);
    if (missing >= 0) {
      throw MosaicException.invalidValue(pointer + "/" + missing, "must not be null");
    }
    return values;
  }

  private static ScopeRules scope(@Nullable ScopeBody scope) {
    if (scope == null) {
      return new ScopeRules(List.of(), List.of(), List.of(), List.of());
    }
    var hosts = new ArrayList<String>();
    for (var host : bounded(scope.hosts(), MOST_RULES, "/scope/hosts")) {
      var name = host.toLowerCase(Locale.ROOT);
      if (!HOST.matcher(name).matches()) {
        throw MosaicException.invalidValue(
            "/scope/hosts/" + hosts.size(),
            "must be a host's name, or *. and a domain, without scheme and port, got '"
                + host
                + "'");
      }
      hosts.add(name);
    }
    var paths = bounded(scope.paths(), MOST_RULES, "/scope/paths");
    for (int i = 0; i < paths.size(); i++) {
      if (!paths.get(i).startsWith("/") || paths.get(i).length() > LONGEST_URL) {
        throw MosaicException.invalidValue(
            "/scope/paths/" + i,
            "must begin with a slash and have at most "
                + LONGEST_URL
                + " characters, got '"
                + paths.get(i)
                + "'");
      }
    }
    return new ScopeRules(
        hosts,
        paths,
        patterns(scope.include(), "/scope/include"),
        patterns(scope.exclude(), "/scope/exclude"));
  }

  private static List<String> patterns(@Nullable List<String> patterns, String pointer) {
    int at = 0;
    for (var pattern : bounded(patterns, MOST_RULES, pointer)) {
      pattern(pattern, pointer + "/" + at++);
    }
    return patterns == null ? List.of() : patterns;
  }

  private static void pattern(String pattern, String pointer) {
    try {
      Patterns.check(pattern);
    } catch (IllegalArgumentException e) {
      throw MosaicException.invalidValue(pointer, String.valueOf(e.getMessage()));
    }
  }

  private static List<PriorityRule> priorities(
      @Nullable List<CrawlRequest.PriorityBody> priorities) {
    var rules = new ArrayList<PriorityRule>();
    for (var rule : bounded(priorities, MOST_RULES, "/priorities")) {
      var at = "/priorities/" + rules.size();
      if (rule.pattern() == null || rule.priority() == null) {
        throw MosaicException.invalidValue(at, "must have pattern and priority");
      }
      pattern(rule.pattern(), at + "/pattern");
      between(rule.priority(), -1000, 1000, at + "/priority");
      rules.add(new PriorityRule(rule.pattern(), rule.priority()));
    }
    return rules;
  }

  private Limits limits(@Nullable LimitsBody limits, Duration delay) {
    if (limits == null) {
      return new Limits(
          defaults.depth(),
          defaults.pages(),
          defaults.size().toBytes(),
          null,
          delay,
          defaults.concurrency(),
          defaults.connectionsPerHost());
    }
    int depth = limits.depth() == null ? defaults.depth() : limits.depth();
    between(depth, 0, 10_000, "/limits/depth");
    long pages = limits.pages() == null ? defaults.pages() : limits.pages();
    between(pages, 1, 1_000_000_000L, "/limits/pages");
    long bytes = limits.bytes() == null ? defaults.size().toBytes() : limits.bytes();
    between(bytes, 1, 1L << 50, "/limits/bytes");
    if (limits.durationMs() != null) {
      between(limits.durationMs(), 1, Duration.ofDays(365).toMillis(), "/limits/duration_ms");
    }
    var pace =
        pace(
            new PaceBody(
                limits.ratePerHostPerSecond(),
                limits.delayMs(),
                limits.concurrency(),
                limits.connectionsPerHost()),
            delay,
            defaults.concurrency(),
            defaults.connectionsPerHost());
    return new Limits(
        depth,
        pages,
        bytes,
        limits.durationMs() == null ? null : Duration.ofMillis(limits.durationMs()),
        pace.delay(),
        pace.concurrency(),
        pace.connectionsPerHost());
  }

  private record Pace(Duration delay, int concurrency, int connectionsPerHost) {}

  /** The limits with another pace. */
  Limits limits(CrawlRequest.PaceRequest change, Limits now) {
    if (change.limits() == null) {
      throw MosaicException.invalidValue("/limits", "must be given");
    }
    var pace = pace(change.limits(), now.delay(), now.concurrency(), now.connectionsPerHost());
    return new Limits(
        now.depth(),
        now.pages(),
        now.bytes(),
        now.duration(),
        pace.delay(),
        pace.concurrency(),
        pace.connectionsPerHost());
  }

  private static Pace pace(PaceBody pace, Duration delay, int concurrency, int connections) {
    int wanted = pace.concurrency() == null ? concurrency : pace.concurrency();
    between(wanted, 1, MOST_CONCURRENCY, "/limits/concurrency");
    int perHost = pace.connectionsPerHost() == null ? connections : pace.connectionsPerHost();
    between(perHost, 1, MOST_CONNECTIONS, "/limits/connections_per_host");
    if (pace.delayMs() != null) {
      between(pace.delayMs(), 0, LONGEST_DELAY.toMillis(), "/limits/delay_ms");
    }
    return new Pace(delay(pace, delay), wanted, perHost);
  }

  private static Duration delay(PaceBody pace, Duration otherwise) {
    var rate = pace.ratePerHostPerSecond();
    if (rate == null) {
      return pace.delayMs() == null ? otherwise : Duration.ofMillis(pace.delayMs());
    }
    double slowest = 1.0 / LONGEST_DELAY.toSeconds();
    if (!(rate >= slowest) || rate > 1000) {
      throw MosaicException.invalidValue(
          "/limits/rate_per_host_per_second", "must be between 1/3600 and 1000, got " + rate);
    }
    var byRate = Duration.ofNanos(Math.round(1e9 / rate));
    var asked = pace.delayMs() == null ? Duration.ZERO : Duration.ofMillis(pace.delayMs());
    return byRate.compareTo(asked) >= 0 ? byRate : asked;
  }

  private static void between(long value, long least, long most, String pointer) {
    if (value < least || value > most) {
      throw MosaicException.invalidValue(
          pointer, "must be between %d and %d, got %d".formatted(least, most, value));
    }
  }

  private static @Nullable String userAgent(@Nullable String agent) {
    if (agent == null) {
      return null;
    }
    if (agent.length() > 256 || agent.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
      throw MosaicException.invalidValue(
          "/user_agent", "must be printable ASCII of at most 256 characters");
    }
    if (LiveWeb.productToken(agent).isEmpty()) {
      throw MosaicException.invalidValue(
          "/user_agent",
          "must begin with the name that robots.txt would use, of letters, - and _, got '"
              + agent
              + "'");
    }
    return agent;
  }

  private static @Nullable Recrawl recrawl(CrawlRequest.@Nullable RecrawlBody recrawl) {
    if (recrawl == null) {
      return null;
    }
    if (recrawl.interval() == null) {
      throw MosaicException.invalidValue("/recrawl/interval", "must be given");
    }
    Duration interval;
    try {
      interval = DurationStyle.detectAndParse(recrawl.interval());
    } catch (IllegalArgumentException e) {
      throw MosaicException.invalidValue(
          "/recrawl/interval",
          "must be a number with ms, s, m, h or d, or ISO-8601, got '" + recrawl.interval() + "'");
    }
    if (interval.compareTo(SHORTEST_INTERVAL) < 0 || interval.compareTo(LONGEST_INTERVAL) > 0) {
      throw MosaicException.invalidValue(
          "/recrawl/interval", "must be between 1s and 3650d, got '" + recrawl.interval() + "'");
    }
    return new Recrawl(interval, Boolean.TRUE.equals(recrawl.adaptive()));
  }
}
