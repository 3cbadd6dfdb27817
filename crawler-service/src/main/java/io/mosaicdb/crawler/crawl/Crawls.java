package io.mosaicdb.crawler.crawl;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.crawler.frontier.CrawlRow;
import io.mosaicdb.crawler.frontier.Discovery;
import io.mosaicdb.crawler.frontier.Frontier;
import io.mosaicdb.crawler.frontier.FrontierCrawl;
import io.mosaicdb.crawler.frontier.Tally;
import io.mosaicdb.crawler.frontier.UrlRow;
import io.mosaicdb.crawler.frontier.UrlState;
import io.mosaicdb.crawler.index.CoordinatorApi;
import io.mosaicdb.crawler.index.IndexSettings;
import io.mosaicdb.crawler.index.IndexStatus;
import io.mosaicdb.crawler.recrawl.RecrawlPace;
import io.mosaicdb.crawler.robots.Robots;
import io.mosaicdb.crawler.url.HostKey;
import io.mosaicdb.starter.json.StrictJson;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * All crawls of this crawler: begins them, takes them up after a restart, stops and goes on with
 * them, and runs them again when they are due. What a caller is told is on disk. Thread-safe.
 */
public final class Crawls implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Crawls.class);
  private static final JsonMapper JSON = StrictJson.mapper();

  /** Opens the world for one crawl. */
  public interface Webs {
    /**
     * @param turn to be asked before each request that is no page's
     */
    Web open(String crawl, CrawlSpecification specification, Robots.Turn turn);
  }

  /**
   * A crawl and what is known of it at the moment.
   *
   * @param indexing null while it is not at work
   */
  public record View(
      CrawlRow row,
      CrawlSpecification specification,
      List<Tally> tallies,
      long unindexed,
      double pagesPerSecond,
      int workers,
      List<HostState> hosts,
      @Nullable IndexStatus indexing) {}

  /** A host that has something waiting, or something to say. */
  public record HostState(
      String host,
      int queued,
      int underWay,
      @Nullable Duration nextIn,
      int failures,
      @Nullable String givenUp) {}

  private final Frontier frontier;
  private final CrawlSettings settings;
  private final IndexSettings indexSettings;
  private final Webs webs;
  private final CoordinatorApi coordinator;
  private final Clock clock;
  private final HostGates gates = new HostGates();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changes = lock.newCondition();
  private final Map<String, CrawlRun> runs = new HashMap<>();
  private final Map<String, CrawlEvents> events = new HashMap<>();
  private boolean closed;
  private @Nullable Thread scheduler;

  public Crawls(
      Frontier frontier,
      CrawlSettings settings,
      IndexSettings indexSettings,
      Webs webs,
      CoordinatorApi coordinator,
      Clock clock) {
    this.frontier = frontier;
    this.settings = settings;
    this.indexSettings = indexSettings;
    this.webs = webs;
    this.coordinator = coordinator;
    this.clock = clock;
  }

  /** Takes up what an earlier process left. To be called once. */
  public void start() {
    lock.lock();
    try {
      for (var row : frontier.crawls()) {
        if (CrawlState.parse(row.state()).active()) {
          takeUp(row);
        }
      }
      scheduler = Thread.ofVirtual().name("crawl-schedule").start(this::schedule);
    } finally {
      lock.unlock();
    }
  }

  private void takeUp(CrawlRow row) {
    try {
      var _ = begin(row);
      log.info("crawl_taken_up id={} namespace={}", row.id(), row.namespace());
    } catch (MosaicException e) {
      // Others go on; this one can be resumed when its cause is mended.
      log.error("crawl_not_taken_up id={} reason={}", row.id(), e.detail());
      state(row, CrawlState.PAUSED, e.detail(), null, null);
    }
  }

  /**
   * Begins a crawl.
   *
   * @param idempotencyKey one that was used before answers the crawl of that time
   * @throws MosaicException {@code idempotency_conflict} if that was another crawl
   */
  public View create(CrawlSpecification specification, @Nullable String idempotencyKey) {
    var text = JSON.writeValueAsString(specification);
    var id = UUID.randomUUID().toString();
    var scope = new Scope(specification);
    var seeds = new ArrayList<Discovery>();
    for (var seed : specification.seeds()) {
      var url = URI.create(seed);
      seeds.add(Discovery.page(url, 0, scope.priority(url)));
    }
    specification.sitemaps().forEach(map -> seeds.add(Discovery.sitemap(URI.create(map))));
    CrawlRow row;
    lock.lock();
    try {
      requireOpen();
      row =
          frontier.create(
              new Frontier.NewCrawl(
                  id,
                  specification.namespace(),
                  text,
                  specification.limits().depth(),
                  idempotencyKey,
                  clock.instant()),
              seeds);
      if (row.id().equals(id)) {
        try {
          var _ = begin(row);
        } catch (MosaicException e) {
          frontier.delete(crawl(row, specification));
          throw e;
        }
        log.info("crawl_begun id={} namespace={} seeds={}", id, row.namespace(), seeds.size());
      } else if (!row.specification().equals(text)) {
        throw new MosaicException(
            ErrorCode.IDEMPOTENCY_CONFLICT,
            "the key was used for crawl '" + row.id() + "', which is another one");
      }
    } finally {
      lock.unlock();
    }
    return view(row);
  }

  private void requireOpen() {
    if (closed) {
      throw new MosaicException(ErrorCode.SERVICE_UNAVAILABLE, "the crawler is shutting down");
    }
  }

  private CrawlRun begin(CrawlRow row) {
    var specification = specification(row);
    var run =
        new CrawlRun(
            row,
            specification,
            frontier,
            settings,
            indexSettings,
            webs.open(row.id(), specification, url -> turn(url, specification)),
            gates,
            coordinator,
            events(row.id()),
            clock,
            new Endings());
    runs.put(row.id(), run);
    run.start();
    return run;
  }

  private void turn(URI url, CrawlSpecification specification) throws InterruptedException {
    var gate = gates.of(HostKey.of(url));
    TimeUnit.NANOSECONDS.sleep(gate.reserve(specification.limits().delay()).toNanos());
  }

  private CrawlEvents events(String id) {
    return events.computeIfAbsent(id, _ -> new CrawlEvents(clock));
  }

  private static CrawlSpecification specification(CrawlRow row) {
    return JSON.readValue(row.specification(), CrawlSpecification.class);
  }

  private CrawlRow load(String id) {
    return frontier
        .find(id)
        .orElseThrow(
            () -> new MosaicException(ErrorCode.NOT_FOUND, "there is no crawl '" + id + "'"));
  }

  private static FrontierCrawl crawl(CrawlRow row, CrawlSpecification specification) {
    return new FrontierCrawl(row.number(), row.id(), specification.limits().depth());
  }

  /** The newest first. */
  public List<View> list() {
    return frontier.crawls().stream().map(this::view).toList();
  }

  /**
   * @throws MosaicException {@code not_found}
   */
  public View require(String id) {
    return view(load(id));
  }

  private View view(CrawlRow row) {
    var specification = specification(row);
    var crawl = crawl(row, specification);
    CrawlRun run;
    lock.lock();
    try {
      run = runs.get(row.id());
    } finally {
      lock.unlock();
    }
    var hosts = new ArrayList<HostState>();
    if (run != null) {
      for (var host : run.hosts(20)) {
        hosts.add(
            new HostState(
                host.host(),
                host.queued(),
                host.underWay(),
                host.nextIn(),
                host.failures(),
                host.givenUp()));
      }
    }
    return new View(
        row,
        specification,
        frontier.tallies(crawl),
        frontier.unpushed(crawl),
        run == null ? 0 : run.pagesPerSecond(),
        run == null ? 0 : run.workers(),
        hosts,
        run == null ? null : run.indexing());
  }

  /** URLs in the order in which they were found, after the one of this number. */
  public List<UrlRow> urls(
      String id, @Nullable UrlState state, @Nullable String reason, long after, int most) {
    var row = load(id);
    return frontier.urls(crawl(row, specification(row)), state, reason, after, most);
  }

  /** What happened in a crawl since this process began. */
  public CrawlEvents eventsOf(String id) {
    var row = load(id);
    lock.lock();
    try {
      requireOpen();
      return events(row.id());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets a crawl fetch nothing new.
   *
   * @throws MosaicException {@code task_finished} if it is over
   */
  public View pause(String id) {
    lock.lock();
    try {
      var row = load(id);
      if (!row.state().equals("paused")) {
        requireNotOver(row);
        var run = runs.get(id);
        if (run != null) {
          run.pause();
        }
        state(row, CrawlState.PAUSED, null, null, null);
      }
    } finally {
      lock.unlock();
    }
    return require(id);
  }

  /** Lets a crawl go on that was paused; otherwise does nothing. */
  public View resume(String id) {
    lock.lock();
    try {
      requireOpen();
      var row = load(id);
      requireNotOver(row);
      if (row.state().equals("paused")) {
        state(row, CrawlState.RUNNING, null, null, null);
        var run = runs.get(id);
        if (run != null) {
          run.resume();
        } else {
          begin(load(id));
        }
      }
    } finally {
      lock.unlock();
    }
    return require(id);
  }

  /** Threads at work on a crawl, for whoever tries what happens when one dies. */
  List<Thread> workersOf(String id) {
    lock.lock();
    try {
      var run = runs.get(id);
      return run == null ? List.of() : run.workerThreads();
    } finally {
      lock.unlock();
    }
  }

  /** Ends a crawl; what it brought into the index stays. */
  public View cancel(String id) {
    CrawlRun run;
    lock.lock();
    try {
      var row = load(id);
      if (row.state().equals("canceled")) {
        return view(row);
      }
      requireNotOver(row);
      run = runs.remove(id);
      state(row, CrawlState.CANCELED, null, clock.instant(), null);
    } finally {
      lock.unlock();
    }
    if (run != null) {
      run.close();
    }
    return require(id);
  }

  private static void requireNotOver(CrawlRow row) {
    var state = CrawlState.parse(row.state());
    if (state == CrawlState.CANCELED || state == CrawlState.SUCCEEDED) {
      throw new MosaicException(
          ErrorCode.TASK_FINISHED,
          "crawl '%s' has %s already"
              .formatted(row.id(), state == CrawlState.CANCELED ? "been canceled" : "succeeded"));
    }
  }

  /** Changes the pace of a crawl at once. */
  public View pace(String id, CrawlSpecification.Limits limits) {
    lock.lock();
    try {
      var row = load(id);
      var changed = specification(row).with(limits);
      frontier.specification(crawl(row, changed), JSON.writeValueAsString(changed));
      var run = runs.get(id);
      if (run != null) {
        run.pace(limits);
      }
    } finally {
      lock.unlock();
    }
    return require(id);
  }

  /** Runs a crawl again that is over or waits for its time. */
  public View recrawl(String id) {
    lock.lock();
    try {
      requireOpen();
      var row = load(id);
      var state = CrawlState.parse(row.state());
      if (state != CrawlState.SUCCEEDED
          && state != CrawlState.WAITING
          && state != CrawlState.CANCELED) {
        throw new MosaicException(
            ErrorCode.INVALID_VALUE,
            "crawl '%s' is %s; it can be run again once it is over"
                .formatted(id, state.wireName()));
      }
      again(row, false);
    } finally {
      lock.unlock();
    }
    return require(id);
  }

  private void again(CrawlRow row, boolean dueOnly) {
    frontier.beginRun(crawl(row, specification(row)), dueOnly, clock.instant());
    var _ = begin(load(row.id()));
    events(row.id()).add("state", PageFlow.data("state", "running", "run", row.run() + 1));
    log.info("crawl_run_again id={} run={}", row.id(), row.run() + 1);
  }

  /** Forgets a crawl, which ends if it has not. Its documents stay. */
  public void delete(String id) {
    var now = CrawlState.parse(load(id).state());
    if (now != CrawlState.CANCELED && now != CrawlState.SUCCEEDED) {
      var _ = cancel(id);
    }
    lock.lock();
    try {
      var row = load(id);
      frontier.delete(crawl(row, specification(row)));
      var gone = events.remove(id);
      if (gone != null) {
        gone.close();
      }
      changes.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void state(
      CrawlRow row,
      CrawlState state,
      @Nullable String reason,
      @Nullable Instant finishedAt,
      @Nullable Instant nextRunAt) {
    frontier.state(crawl(row, specification(row)), state.wireName(), reason, finishedAt, nextRunAt);
    events(row.id()).add("state", PageFlow.data("state", state.wireName(), "reason", reason));
    changes.signalAll();
  }

  private final class Endings implements CrawlRun.Ending {
    @Override
    public void finishing(CrawlRun run, @Nullable String reason) {
      lock.lock();
      try {
        var row = load(run.crawl().id());
        if (row.state().equals("running")) {
          state(row, CrawlState.FINISHING, reason, null, null);
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void finished(CrawlRun run, @Nullable String reason) {
      var id = run.crawl().id();
      // Its archive is whole before anybody is told that it is over, and may begin it again.
      run.close();
      lock.lock();
      try {
        if (closed || runs.get(id) != run) {
          return;
        }
        var row = load(id);
        var now = clock.instant();
        var recrawl = specification(row).recrawl();
        if (!CrawlState.parse(row.state()).active()) {
          // Paused at the last moment: it is taken up, and ends, when it is resumed.
          log.info("crawl_paused_at_its_end id={}", id);
        } else if (recrawl == null) {
          state(row, CrawlState.SUCCEEDED, reason, now, null);
        } else {
          state(row, CrawlState.WAITING, reason, now, nextRun(row, recrawl, now));
        }
        runs.remove(id);
        log.info(
            "crawl_done id={} namespace={} pages={} reason={}",
            id,
            row.namespace(),
            row.fetched(),
            reason);
      } finally {
        lock.unlock();
      }
    }
  }

  /** After the interval, or when the first page is due where each has a pace of its own. */
  private Instant nextRun(CrawlRow row, CrawlSpecification.Recrawl recrawl, Instant now) {
    if (!recrawl.adaptive()) {
      return now.plus(recrawl.interval());
    }
    var soonest = now.plus(RecrawlPace.around(recrawl.interval()).shortest());
    var due = frontier.nextRecheck(crawl(row, specification(row)));
    return due.filter(soonest::isBefore).orElse(soonest);
  }

  private void schedule() {
    try {
      while (true) {
        lock.lockInterruptibly();
        try {
          if (closed) {
            return;
          }
          var now = clock.instant();
          Instant next = null;
          for (var row : frontier.crawls()) {
            if (row.state().equals("waiting") && row.nextRunAt() != null) {
              if (!row.nextRunAt().isAfter(now)) {
                var recrawl = specification(row).recrawl();
                again(row, recrawl != null && recrawl.adaptive());
              } else if (next == null || row.nextRunAt().isBefore(next)) {
                next = row.nextRunAt();
              }
            }
          }
          if (next == null) {
            changes.await();
          } else {
            var _ = changes.awaitNanos(Math.max(1, Duration.between(now, next).toNanos()));
          }
        } finally {
          lock.unlock();
        }
      }
    } catch (InterruptedException _) {
      // Closed.
    } catch (RuntimeException e) {
      log.error("crawl_schedule_failed", e);
    }
  }

  /** Stops everything; each crawl goes on with the next start. */
  @Override
  public void close() {
    List<CrawlRun> all;
    lock.lock();
    try {
      closed = true;
      changes.signalAll();
      all = List.copyOf(runs.values());
      runs.clear();
      events.values().forEach(CrawlEvents::close);
    } finally {
      lock.unlock();
    }
    all.forEach(CrawlRun::close);
    if (scheduler != null) {
      scheduler.interrupt();
    }
  }
}
