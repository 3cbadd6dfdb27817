package io.mosaicdb.crawler.robots;

import io.mosaicdb.crawler.fetch.FailureReason;
import io.mosaicdb.crawler.fetch.FetchOutcome;
import io.mosaicdb.crawler.fetch.FetchOutcome.Content;
import io.mosaicdb.crawler.fetch.FetchOutcome.Failed;
import io.mosaicdb.crawler.fetch.FetchOutcome.Moved;
import io.mosaicdb.crawler.fetch.FetchOutcome.Rejected;
import io.mosaicdb.crawler.fetch.FetchOutcome.Unchanged;
import io.mosaicdb.crawler.fetch.Fetcher;
import io.mosaicdb.crawler.robots.RobotsRules.Source;
import io.mosaicdb.crawler.url.HostKey;
import io.mosaicdb.crawler.url.UrlNormalizer;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rules of servers, fetched when first asked for and held for a day (RFC 9309, 2.4). A server
 * that says it has none allows everything. One that cannot say allows nothing; it is asked again
 * after a minute, then after ever longer, up to an hour. While it stays so, the rules it had before
 * are kept; if it never had any, it counts as having none after thirty days. What a server said is
 * kept in a {@link RobotsStore}, so that it is not asked again for a new process's sake.
 */
public final class Robots {
  /** Asked before each request, so that robots.txt is fetched as politely as a page. */
  @FunctionalInterface
  public interface Turn {
    /** Returns when this URL's server may be asked. */
    void await(URI url) throws InterruptedException;
  }

  /** RFC 9309, 2.5: at least this much is to be read. */
  static final int MOST_BYTES = 500 << 10;

  private static final int MOST_REDIRECTS = 5;
  private static final Duration HELD = Duration.ofDays(1);
  private static final Duration FIRST_RETRY = Duration.ofMinutes(1);
  private static final Duration LAST_RETRY = Duration.ofHours(1);
  private static final Duration GIVEN_UP_AFTER = Duration.ofDays(30);
  private static final int MOST_HOSTS = 20_000;
  private static final int LOCKS = 256;

  /**
   * @param until when the server is to be asked again
   * @param unreachableSince null where the server answered last
   * @param failures in a row
   */
  private record Held(
      Rules rules, Instant until, @Nullable Instant unreachableSince, int failures) {}

  private record Rules(Source source, @Nullable RobotsFile file, List<URI> sitemaps, String problem)
      implements RobotsRules {
    @Override
    public boolean allows(URI url) {
      return switch (source) {
        case ABSENT -> true;
        case UNREACHABLE -> false;
        case FILE ->
            file == null
                || "/robots.txt".equals(url.getRawPath())
                || file.allows(url.toASCIIString());
      };
    }

    @Override
    public Optional<Duration> crawlDelay() {
      return Optional.ofNullable(file).map(RobotsFile::crawlDelay);
    }
  }

  private final Fetcher fetcher;
  private final String agent;
  private final Turn turn;
  private final Clock clock;
  private final RobotsStore store;
  private final List<ReentrantLock> locks =
      IntStream.range(0, LOCKS).mapToObj(_ -> new ReentrantLock()).toList();
  private final Map<HostKey, Held> held =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<HostKey, Held> eldest) {
          return size() > MOST_HOSTS;
        }
      };

  /**
   * @param agent the product token that robots.txt names this crawler by: letters, {@code _} and
   *     {@code -}
   * @param store knows what earlier processes were told
   */
  public Robots(Fetcher fetcher, String agent, Turn turn, Clock clock, RobotsStore store) {
    if (!RobotsFile.isToken(agent)) {
      throw new IllegalArgumentException(
          "the name for robots.txt must be letters, _ and -, got '" + agent + "'");
    }
    this.fetcher = fetcher;
    this.agent = agent;
    this.turn = turn;
    this.clock = clock;
    this.store = store;
  }

  /** The rules at hand, without asking the server; empty where there are none, or too old ones. */
  public Optional<RobotsRules> held(HostKey host) {
    var found = find(host);
    return found != null && clock.instant().isBefore(found.until())
        ? Optional.of(found.rules())
        : Optional.empty();
  }

  /**
   * The rules of a server; asks it where none are held. Waits where another thread asks it already.
   */
  public RobotsRules rules(HostKey host) throws InterruptedException {
    var present = held(host);
    if (present.isPresent()) {
      return present.get();
    }
    var lock = locks.get(Math.floorMod(host.hashCode(), LOCKS));
    lock.lockInterruptibly();
    try {
      var meanwhile = held(host);
      if (meanwhile.isPresent()) {
        return meanwhile.get();
      }
      var before = find(host);
      var now = before == null ? kept(host) : null;
      if (now == null) {
        var outcome = fetch(host);
        now = held(host, outcome, before);
        if (now.unreachableSince() == null) {
          var file = outcome instanceof Content content ? content.body() : null;
          store.keep(host, new RobotsStore.Kept(file, now.until()));
        }
      }
      synchronized (held) {
        held.put(host, now);
      }
      return now.rules();
    } finally {
      lock.unlock();
    }
  }

  /** What an earlier process was told; null where that was nothing, or is too old. */
  private @Nullable Held kept(HostKey host) {
    var kept = store.find(host).orElse(null);
    if (kept == null || !clock.instant().isBefore(kept.until())) {
      return null;
    }
    return new Held(
        kept.file() == null ? absent() : rules(host, kept.file()), kept.until(), null, 0);
  }

  /** When a server that allows nothing because it could not say is asked again. */
  public Optional<Instant> askedAgain(HostKey host) {
    var found = find(host);
    return found == null || found.unreachableSince() == null
        ? Optional.empty()
        : Optional.of(found.until());
  }

  private @Nullable Held find(HostKey host) {
    synchronized (held) {
      return held.get(host);
    }
  }

  // What robots.txt is, wherever its redirects lead; a redirect beyond the last one allowed stays
  // one.
  private FetchOutcome fetch(HostKey host) throws InterruptedException {
    var url = host.url("/robots.txt");
    for (int redirects = 0; ; redirects++) {
      turn.await(url);
      var outcome = fetcher.fetchBeginning(url, MOST_BYTES);
      if (!(outcome instanceof Moved moved) || redirects == MOST_REDIRECTS) {
        return outcome;
      }
      url = moved.target();
    }
  }

  private Held held(HostKey host, FetchOutcome outcome, @Nullable Held before) {
    return switch (outcome) {
      case Content content -> until(HELD, rules(host, content.body()));
      case Moved _ -> until(HELD, absent());
      case Rejected rejected ->
          rejected.passing()
              ? unreachable(before, rejected.retryAfter(), "http_" + rejected.status())
              : until(HELD, absent());
      case Failed failed ->
          failed.reason() == FailureReason.BAD_REDIRECT
              ? until(HELD, absent())
              : unreachable(before, null, failed.reason().name().toLowerCase(Locale.ROOT));
      // Nothing was asked for that could be unchanged.
      case Unchanged _ -> unreachable(before, null, "http_304");
    };
  }

  private Held until(Duration time, Rules rules) {
    return new Held(rules, clock.instant().plus(time), null, 0);
  }

  private Held unreachable(@Nullable Held before, @Nullable Duration retryAfter, String problem) {
    var now = clock.instant();
    var since =
        before == null || before.unreachableSince() == null ? now : before.unreachableSince();
    int failures = before == null ? 1 : before.failures() + 1;
    var retry = FIRST_RETRY.multipliedBy(1L << Math.min(failures - 1, 10));
    if (retry.compareTo(LAST_RETRY) > 0) {
      retry = LAST_RETRY;
    }
    if (retryAfter != null && retryAfter.compareTo(retry) > 0) {
      retry = retryAfter.compareTo(HELD) > 0 ? HELD : retryAfter;
    }
    Rules rules;
    if (before != null && before.rules().source() == Source.FILE) {
      rules = before.rules();
    } else if (Duration.between(since, now).compareTo(GIVEN_UP_AFTER) >= 0) {
      rules = absent();
    } else {
      rules = new Rules(Source.UNREACHABLE, null, List.of(), problem);
    }
    return new Held(rules, now.plus(retry), since, failures);
  }

  private static Rules absent() {
    return new Rules(Source.ABSENT, null, List.of(), "");
  }

  private Rules rules(HostKey host, byte[] file) {
    var read = RobotsFile.read(file, agent);
    return new Rules(Source.FILE, read, sitemaps(host, read), "");
  }

  /** The sitemaps that a robots.txt names. */
  public static List<URI> sitemaps(HostKey host, byte[] file) {
    return sitemaps(host, RobotsFile.read(file, "any"));
  }

  private static List<URI> sitemaps(HostKey host, RobotsFile file) {
    var sitemaps = new LinkedHashSet<URI>();
    var base = host.url("/robots.txt");
    for (var sitemap : file.sitemaps()) {
      UrlNormalizer.normalize(base, sitemap).ifPresent(sitemaps::add);
    }
    return List.copyOf(sitemaps);
  }
}
