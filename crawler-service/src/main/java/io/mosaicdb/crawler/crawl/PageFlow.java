package io.mosaicdb.crawler.crawl;

import io.mosaicdb.crawler.fetch.FailureReason;
import io.mosaicdb.crawler.fetch.FetchOutcome;
import io.mosaicdb.crawler.fetch.FetchRequest;
import io.mosaicdb.crawler.frontier.Added;
import io.mosaicdb.crawler.frontier.ClaimedUrl;
import io.mosaicdb.crawler.frontier.Discovery;
import io.mosaicdb.crawler.frontier.Frontier;
import io.mosaicdb.crawler.frontier.FrontierCrawl;
import io.mosaicdb.crawler.frontier.Settlement;
import io.mosaicdb.crawler.frontier.Settlement.Content;
import io.mosaicdb.crawler.frontier.UrlKind;
import io.mosaicdb.crawler.frontier.UrlState;
import io.mosaicdb.crawler.index.PageContent;
import io.mosaicdb.crawler.page.Page;
import io.mosaicdb.crawler.page.PageLink;
import io.mosaicdb.crawler.page.PageResult;
import io.mosaicdb.crawler.recrawl.RecrawlPace;
import io.mosaicdb.crawler.recrawl.RecrawlPace.Look;
import io.mosaicdb.crawler.robots.RobotsRules;
import io.mosaicdb.crawler.sitemap.SitemapReader;
import io.mosaicdb.crawler.url.UrlNormalizer;
import io.mosaicdb.crawler.url.UrlTraps;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a worker does with a turn: asks for robots.txt where it is not at hand, else for one URL,
 * and keeps what came of it. The host's turn ends with the request; reading and keeping the page go
 * on meanwhile.
 */
final class PageFlow {
  private static final int SITEMAP_BYTES = 50 << 20;
  private static final int DEEPEST_SITEMAP = 4;

  /** A host is asked for its robots.txt after one, two and four minutes more, and then given up. */
  private static final int MOST_ROBOTS_FAILURES = 4;

  private static final int LONGEST_URL = 8_192;

  /** What the flow tells its crawl. */
  interface Listener {
    /** Something was kept that the index may want to know. */
    void kept(ClaimedUrl url, UrlState state, Added added, @Nullable String detail, int status);

    /** A URL will be tried again. */
    void retried(ClaimedUrl url, String reason, Duration pause);

    /** A host is left alone for a while, or given up. */
    void hostFailed(Lane lane, String reason, int failures, Duration pause, boolean givenUp);

    /** A budget has run out. */
    void exhausted(String budget);
  }

  private final Frontier frontier;
  private final FrontierCrawl crawl;
  private final CrawlSettings settings;
  private final Web web;
  private final Lanes lanes;
  private final Budget budget;
  private final Scope scope;
  private final BackOff backOff;
  private final Clock clock;
  private final Listener listener;
  private final boolean robotsSitemaps;
  private final boolean folds;
  private final @Nullable RecrawlPace pace;
  private volatile Duration delay;

  PageFlow(
      Frontier frontier,
      FrontierCrawl crawl,
      CrawlSpecification specification,
      CrawlSettings settings,
      Web web,
      Lanes lanes,
      Budget budget,
      BackOff backOff,
      Clock clock,
      Listener listener) {
    this.frontier = frontier;
    this.crawl = crawl;
    this.settings = settings;
    this.web = web;
    this.lanes = lanes;
    this.budget = budget;
    this.scope = new Scope(specification);
    this.backOff = backOff;
    this.clock = clock;
    this.listener = listener;
    this.robotsSitemaps = specification.robotsSitemaps();
    this.folds = specification.foldDuplicates();
    var recrawl = specification.recrawl();
    this.pace =
        recrawl == null || !recrawl.adaptive() ? null : RecrawlPace.around(recrawl.interval());
    this.delay = specification.limits().delay();
  }

  /** Changes the pause between two requests from now on. */
  void delay(Duration pause) {
    delay = pause;
  }

  /** Uses up one turn, whatever happens. */
  void work(Lane lane) throws InterruptedException {
    var turn = new Turn(lane);
    try {
      var held = web.heldRules(lane.host);
      if (held.isEmpty()) {
        ask(turn);
      } else {
        noteRules(lane, held.get());
        page(turn, held.get());
      }
    } finally {
      turn.end(Duration.ZERO);
      lanes.settled();
    }
  }

  /** A turn at a host, which ends once. */
  private final class Turn {
    private final Lane lane;
    private boolean ended;

    Turn(Lane lane) {
      this.lane = lane;
    }

    void end(Duration pause) {
      if (!ended) {
        ended = true;
        lanes.leave(lane, pause);
      }
    }

    /** Ends after a request. */
    void asked() {
      end(pause(lane));
    }
  }

  private Duration pause(Lane lane) {
    return longer(delay, lane.robotsDelay);
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private void ask(Turn turn) throws InterruptedException {
    var rules = web.rules(turn.lane.host);
    noteRules(turn.lane, rules);
    if (rules.source() == RobotsRules.Source.UNREACHABLE) {
      unreachable(turn, rules);
    } else {
      turn.asked();
    }
  }

  /** Nothing may be asked of a host that could not say what: it waits until it is asked again. */
  private void unreachable(Turn turn, RobotsRules rules) {
    var problem = rules.problem();
    var reason = "robots_unreachable" + (problem.isEmpty() ? "" : " (" + problem + ")");
    var again =
        web.rulesAskedAgain(turn.lane.host)
            .map(at -> Duration.between(clock.instant(), at))
            .filter(Duration::isPositive)
            .orElse(null);
    // An address that is refused today is refused tomorrow.
    boolean hopeless = problem.equals("address_refused");
    int most = hopeless ? 1 : Math.min(MOST_ROBOTS_FAILURES, settings.hostFailures());
    var _ = hostFailed(turn, reason, again, most, false);
  }

  private void noteRules(Lane lane, RobotsRules rules) {
    var asked = rules.crawlDelay().orElse(Duration.ZERO);
    lane.robotsDelay =
        asked.compareTo(settings.longestRobotsDelay()) > 0 ? settings.longestRobotsDelay() : asked;
    if (robotsSitemaps && !lane.sitemapsAdded) {
      lane.sitemapsAdded = true;
      var sitemaps =
          rules.sitemaps().stream()
              .map(each -> UrlNormalizer.normalize(each.toString()))
              .flatMap(Optional::stream)
              .map(Discovery::sitemap)
              .toList();
      if (!sitemaps.isEmpty()) {
        lanes.added(frontier.add(crawl, sitemaps).queued());
      }
    }
  }

  private void page(Turn turn, RobotsRules rules) throws InterruptedException {
    if (rules.source() == RobotsRules.Source.UNREACHABLE) {
      unreachable(turn, rules);
      return;
    }
    if (!budget.reserve()) {
      listener.exhausted(budget.exhausted());
      return;
    }
    boolean counted = false;
    try {
      var url = claim(turn.lane, rules);
      if (url != null) {
        counted = fetch(turn, url);
      }
    } finally {
      if (!counted) {
        budget.unused();
      }
    }
  }

  /** The next URL of the lane that robots.txt allows; null where none is due. */
  private @Nullable ClaimedUrl claim(Lane lane, RobotsRules rules) {
    while (true) {
      long additions = lanes.additions(lane);
      var now = clock.instant();
      var claimed = frontier.claim(lane.number, now);
      if (claimed.isEmpty()) {
        var due = frontier.nextDue(lane.number);
        lanes.emptied(lane, additions, due.map(at -> Duration.between(now, at)).orElse(null));
        return null;
      }
      lanes.claimed(lane);
      var url = claimed.get();
      if (url.kind() == UrlKind.SITEMAP || rules.allows(url.url())) {
        return url;
      }
      keep(Settlement.of(url, UrlState.SKIPPED, "robots", now), 0);
    }
  }

  /** Whether a page was fetched that counts. */
  private boolean fetch(Turn turn, ClaimedUrl url) throws InterruptedException {
    boolean kept = false;
    try {
      var outcome =
          url.kind() == UrlKind.SITEMAP
              ? web.fetchFile(url.url(), SITEMAP_BYTES)
              : web.fetch(new FetchRequest(url.url(), url.etag(), url.lastModified()));
      boolean counts = outcome(turn, url, outcome);
      kept = true;
      return counts;
    } catch (InterruptedException e) {
      kept = true;
      frontier.release(url);
      lanes.added(Map.of(new Added.Host(turn.lane.number, turn.lane.host), 1));
      throw e;
    } finally {
      if (!kept) {
        // The worker dies of this page; whoever takes its place tries again, but not for ever.
        turn.asked();
        retryOrFail(turn.lane, url, "worker_died", null, null, 0, settings.firstBackOff());
      }
    }
  }

  private boolean outcome(Turn turn, ClaimedUrl url, FetchOutcome outcome)
      throws InterruptedException {
    switch (outcome) {
      case FetchOutcome.Content content -> {
        answered(turn);
        if (url.kind() == UrlKind.SITEMAP) {
          sitemap(url, content);
          return false;
        }
        read(url, content);
        budget.used(content.body().length);
        return true;
      }
      case FetchOutcome.Unchanged unchanged -> {
        answered(turn);
        keep(
            Settlement.of(url, UrlState.DONE, "unchanged", unchanged.at()).answered(304, 0, false),
            304);
        return false;
      }
      case FetchOutcome.Moved moved -> {
        answered(turn);
        moved(url, moved);
        return false;
      }
      case FetchOutcome.Rejected rejected -> {
        rejected(turn, url, rejected);
        return false;
      }
      case FetchOutcome.Failed failed -> {
        failed(turn, url, failed);
        return false;
      }
    }
  }

  /** The host answers, so its failures are over. */
  private void answered(Turn turn) {
    var lane = turn.lane;
    turn.asked();
    if (lanes.recovered(lane)) {
      frontier.host(lane.number, clock.instant(), 0);
    }
  }

  private void rejected(Turn turn, ClaimedUrl url, FetchOutcome.Rejected rejected) {
    var reason = "http_" + rejected.status();
    if (rejected.passing()) {
      var asked = hostFailed(turn, reason, rejected.retryAfter(), settings.hostFailures(), true);
      retryOrFail(turn.lane, url, reason, null, rejected.status(), rejected.status(), asked);
      return;
    }
    answered(turn);
    boolean gone = rejected.status() == 404 || rejected.status() == 410;
    keep(
        Settlement.of(url, UrlState.FAILED, reason, clock.instant())
            .answered(rejected.status(), 0, false)
            .content(gone ? new Content.Gone() : new Content.Kept()),
        rejected.status());
  }

  private void failed(Turn turn, ClaimedUrl url, FetchOutcome.Failed failed) {
    var reason = failed.reason().name().toLowerCase(Locale.ROOT);
    if (failed.reason() == FailureReason.UNSUPPORTED_TYPE) {
      answered(turn);
      keep(
          Settlement.of(url, UrlState.SKIPPED, "type", clock.instant())
              .detail(failed.detail())
              .content(new Content.Gone()),
          0);
      return;
    }
    if (failed.reason().passing() || failed.reason() == FailureReason.TLS) {
      var pause = hostFailed(turn, reason, null, settings.hostFailures(), false);
      if (failed.reason().passing()) {
        retryOrFail(turn.lane, url, reason, failed.detail(), null, 0, pause);
        return;
      }
    } else {
      turn.asked();
    }
    keep(Settlement.of(url, UrlState.FAILED, reason, clock.instant()).detail(failed.detail()), 0);
  }

  /**
   * Leaves the server alone for a while, or for good; the pause.
   *
   * @param answered whether it said so itself: then the pause is for all that its host serves
   */
  private Duration hostFailed(
      Turn turn, String reason, @Nullable Duration retryAfter, int mostFailures, boolean answered) {
    var lane = turn.lane;
    int failures = lanes.failed(lane);
    var pause = longer(pause(lane), backOff.after(failures));
    if (retryAfter != null) {
      pause =
          longer(
              pause,
              retryAfter.compareTo(settings.longestRetryAfter()) > 0
                  ? settings.longestRetryAfter()
                  : retryAfter);
    }
    boolean givenUp = failures >= mostFailures;
    if (givenUp) {
      var words = "%s, after %d failures in a row".formatted(reason, failures);
      lanes.giveUp(lane, words);
      var _ = frontier.giveUp(lane.number, words);
    }
    lane.rest.atLeast(pause);
    turn.end(answered ? pause : pause(lane));
    frontier.host(lane.number, clock.instant().plus(pause), failures);
    listener.hostFailed(lane, reason, failures, pause, givenUp);
    return pause;
  }

  private void retryOrFail(
      Lane lane,
      ClaimedUrl url,
      String reason,
      @Nullable String detail,
      @Nullable Integer status,
      int answered,
      Duration pause) {
    if (url.tries() + 1 >= settings.tries() || lane.givenUp != null) {
      var settlement = Settlement.of(url, UrlState.FAILED, reason, clock.instant()).detail(detail);
      keep(status == null ? settlement : settlement.answered(status, 0, false), answered);
      return;
    }
    frontier.retry(url, reason, detail, clock.instant().plus(pause));
    lanes.added(Map.of(new Added.Host(lane.number, lane.host), 1));
    listener.retried(url, reason, pause);
  }

  private void moved(ClaimedUrl url, FetchOutcome.Moved moved) {
    var target = moved.target();
    var settlement =
        Settlement.of(url, UrlState.DONE, "redirect", clock.instant())
            .answered(moved.status(), 0, false)
            .content(new Content.Gone());
    if (target.equals(url.url())) {
      keep(with(settlement, UrlState.FAILED, "redirect_loop"), moved.status());
      return;
    }
    if (url.hops() >= settings.redirects()) {
      keep(
          with(settlement, UrlState.FAILED, "too_many_redirects").detail("to " + target),
          moved.status());
      return;
    }
    if (url.kind() == UrlKind.PAGE && !scope.contains(target)) {
      keep(
          with(settlement, UrlState.SKIPPED, "redirect_out_of_scope").detail("to " + target),
          moved.status());
      return;
    }
    var found =
        new Discovery(
            target,
            url.kind(),
            url.depth(),
            Math.max(url.priority(), scope.priority(target)),
            url.hops() + 1,
            null,
            trap(target));
    keep(settlement.leading(List.of(found), target), moved.status());
  }

  private static Settlement with(Settlement other, UrlState state, String reason) {
    return new Settlement(
        other.url(),
        state,
        reason,
        other.detail(),
        other.status(),
        other.bytes(),
        other.fetched(),
        other.at(),
        other.content(),
        other.discovered(),
        other.leadsTo(),
        other.recheck());
  }

  private void sitemap(ClaimedUrl url, FetchOutcome.Content content) {
    var read = SitemapReader.read(url.url(), content.body());
    var settlement =
        Settlement.of(url, UrlState.DONE, "sitemap", content.at())
            .answered(content.status(), content.body().length, false);
    if (read.isEmpty()) {
      keep(with(settlement, UrlState.FAILED, "no_sitemap"), content.status());
      return;
    }
    var found = new ArrayList<Discovery>();
    for (var entry : read.get().entries()) {
      if (scope.contains(entry.url()) && entry.url().toString().length() <= LONGEST_URL) {
        found.add(
            new Discovery(
                entry.url(),
                UrlKind.PAGE,
                1,
                scope.priority(entry.url()),
                0,
                null,
                trap(entry.url())));
      }
    }
    if (url.depth() < DEEPEST_SITEMAP) {
      for (var child : read.get().children()) {
        found.add(new Discovery(child, UrlKind.SITEMAP, url.depth() + 1, 0, 0, null, trap(child)));
      }
    }
    keep(settlement.leading(found, null).detail(found.size() + " URLs"), content.status());
  }

  private void read(ClaimedUrl url, FetchOutcome.Content content) throws InterruptedException {
    var settlement =
        Settlement.of(url, UrlState.DONE, "stored", content.at())
            .answered(content.status(), content.body().length, true);
    switch (web.read(url.url(), content.headers(), content.body())) {
      case PageResult.NotText other ->
          keep(
              with(settlement, UrlState.SKIPPED, "type")
                  .detail(other.mediaType())
                  .content(new Content.Gone()),
              content.status());
      case PageResult.Unreadable broken ->
          keep(
              with(settlement, UrlState.FAILED, broken.reason()).detail(broken.detail()),
              content.status());
      case PageResult.Readable readable ->
          keep(page(url, readable.page(), content, settlement), content.status());
    }
  }

  private Settlement page(
      ClaimedUrl url, Page page, FetchOutcome.Content content, Settlement settlement) {
    var shown = new ArrayList<PageContent.Link>();
    var found = new ArrayList<Discovery>();
    for (var link : page.links()) {
      var target = UrlNormalizer.normalize(link.target().toString());
      if (target.isPresent()) {
        shown.add(new PageContent.Link(target.get().toString(), link.anchor(), rel(link)));
        if (!page.directives().nofollow() && !link.nofollow()) {
          link(url, target.get(), link.anchor(), found);
        }
      }
    }
    if (page.directives().noindex()) {
      return with(settlement, UrlState.DONE, "noindex")
          .content(new Content.Gone())
          .leading(found, null);
    }
    var canonical = canonical(url, page);
    if (canonical != null) {
      found.add(
          new Discovery(
              canonical,
              UrlKind.PAGE,
              url.depth(),
              Math.max(url.priority(), scope.priority(canonical)),
              0,
              null,
              trap(canonical)));
    }
    var fresh =
        new Content.Fresh(
            PageContent.of(page, shown).toBytes(),
            page.canonical(),
            page.textSha256(),
            page.simHash(),
            content.headers().first("ETag").orElse(null),
            content.headers().first("Last-Modified").orElse(null),
            folds);
    return with(settlement, UrlState.DONE, canonical == null ? "stored" : "canonical")
        .content(fresh)
        .leading(found, canonical);
  }

  private void link(ClaimedUrl from, URI target, String anchor, List<Discovery> found) {
    if (target.toString().length() <= LONGEST_URL && scope.contains(target)) {
      found.add(
          new Discovery(
              target,
              UrlKind.PAGE,
              from.depth() + 1,
              scope.priority(target),
              0,
              anchor,
              trap(target)));
    }
  }

  /**
   * Another page of this crawl that the page names as the one to keep; null where it names none.
   */
  private @Nullable URI canonical(ClaimedUrl url, Page page) {
    if (page.canonical() == null) {
      return null;
    }
    var canonical = UrlNormalizer.normalize(page.canonical().toString());
    return canonical.isEmpty()
            || canonical.get().equals(url.url())
            || !scope.contains(canonical.get())
            || trap(canonical.get()) != null
        ? null
        : canonical.get();
  }

  private static @Nullable String trap(URI url) {
    return UrlTraps.reason(url).map(reason -> "trap_" + reason).orElse(null);
  }

  private static @Nullable String rel(PageLink link) {
    return link.rel().isEmpty() ? null : String.join(" ", new TreeSet<>(link.rel()));
  }

  private void keep(Settlement settlement, int status) {
    var added = frontier.settle(crawl, paced(settlement));
    lanes.added(added.queued());
    listener.kept(settlement.url(), settlement.state(), added, settlement.detail(), status);
  }

  /** Says when to look again, where each page is looked at again at its own pace. */
  private Settlement paced(Settlement settlement) {
    var url = settlement.url();
    if (pace == null || url.kind() == UrlKind.SITEMAP) {
      return settlement;
    }
    var before = url.intervalMillis() == null ? null : Duration.ofMillis(url.intervalMillis());
    var interval = pace.next(before, look(settlement));
    return settlement.recheck(new Settlement.Recheck(interval, settlement.at().plus(interval)));
  }

  private static Look look(Settlement settlement) {
    var before = settlement.url().textSha256();
    return switch (settlement.content()) {
      case Content.Fresh fresh -> fresh.textSha256().equals(before) ? Look.UNCHANGED : Look.CHANGED;
      case Content.Gone _ -> before == null ? Look.UNCHANGED : Look.CHANGED;
      case Content.Kept _ -> settlement.state() == UrlState.DONE ? Look.UNCHANGED : Look.FAILED;
    };
  }

  /** Data of an event, without what is absent. */
  static Map<String, Object> data(@Nullable Object... namesAndValues) {
    var data = new HashMap<String, Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      var value = namesAndValues[i + 1];
      if (value != null && !value.equals("")) {
        data.put(String.valueOf(namesAndValues[i]), value);
      }
    }
    return data;
  }
}
