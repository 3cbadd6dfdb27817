package io.mosaicdb.crawler.crawl;

import io.mosaicdb.crawler.frontier.Added;
import io.mosaicdb.crawler.frontier.ClaimedUrl;
import io.mosaicdb.crawler.frontier.CrawlRow;
import io.mosaicdb.crawler.frontier.Frontier;
import io.mosaicdb.crawler.frontier.FrontierCrawl;
import io.mosaicdb.crawler.frontier.UrlState;
import io.mosaicdb.crawler.index.CoordinatorApi;
import io.mosaicdb.crawler.index.IndexSettings;
import io.mosaicdb.crawler.index.IndexStatus;
import io.mosaicdb.crawler.index.Indexer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One crawl at work in this process. Workers are virtual threads under one supervisor: it hires as
 * many as the crawl should have, replaces one that dies, whose page then arrives by another, ends
 * the run at its deadline, and brings it to its end when nothing is left. Thread-safe.
 */
final class CrawlRun implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CrawlRun.class);

  /** Hears how a run ended. */
  interface Ending {
    /** Everything that could be fetched was, and is in the index; the reason of an early end. */
    void finished(CrawlRun run, @Nullable String reason);

    /** What is left is brought into the index. */
    void finishing(CrawlRun run, @Nullable String reason);
  }

  private final FrontierCrawl crawl;
  private final Frontier frontier;
  private final Web web;
  private final Lanes lanes;
  private final Budget budget;
  private final PageFlow flow;
  private final Indexer indexer;
  private final CrawlEvents events;
  private final PageRate rate = new PageRate();
  private final Clock clock;
  private final Ending ending;
  private final @Nullable Instant deadline;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changes = lock.newCondition();
  private final Set<Thread> workers = ConcurrentHashMap.newKeySet();
  private boolean closed;
  private boolean paused;
  private boolean drained;
  private @Nullable String stopReason;
  private int hired;
  private volatile @Nullable Thread supervisor;

  CrawlRun(
      CrawlRow row,
      CrawlSpecification specification,
      Frontier frontier,
      CrawlSettings settings,
      IndexSettings indexSettings,
      Web web,
      HostGates gates,
      CoordinatorApi coordinator,
      CrawlEvents events,
      Clock clock,
      Ending ending) {
    var limits = specification.limits();
    this.crawl = new FrontierCrawl(row.number(), row.id(), limits.depth());
    this.frontier = frontier;
    this.web = web;
    this.events = events;
    this.clock = clock;
    this.ending = ending;
    this.lanes = new Lanes(gates, limits.connectionsPerHost(), limits.concurrency());
    this.budget = new Budget(limits.pages(), limits.bytes(), row.fetched(), row.bytes());
    var startedAt = row.runStartedAt();
    this.deadline =
        limits.duration() == null || startedAt == null ? null : startedAt.plus(limits.duration());
    this.flow =
        new PageFlow(
            frontier,
            crawl,
            specification,
            settings,
            web,
            lanes,
            budget,
            new BackOff(
                settings.firstBackOff(), settings.longestBackOff(), RandomGenerator.getDefault()),
            clock,
            new FlowListener());
    this.indexer =
        new Indexer(
            frontier,
            crawl,
            specification.namespace(),
            coordinator,
            indexSettings,
            clock,
            new IndexListener());
  }

  FrontierCrawl crawl() {
    return crawl;
  }

  /** Takes the crawl up where it was left. */
  void start() {
    lanes.load(frontier.recover(crawl), clock.instant());
    supervisor = Thread.ofVirtual().name("crawl-" + crawl.id()).start(this::supervise);
  }

  private void supervise() {
    try {
      while (true) {
        boolean end;
        lock.lockInterruptibly();
        try {
          while (!closed
              && !drained
              && (paused || !overdue())
              && (paused || lanes.vacancies() == 0)) {
            await();
          }
          if (closed) {
            return;
          }
          if (!drained && overdue()) {
            stopReason = "duration_budget";
            drained = true;
          }
          end = drained;
        } finally {
          lock.unlock();
        }
        if (end) {
          if (end()) {
            return;
          }
        } else {
          hire(lanes.vacancies());
        }
      }
    } catch (InterruptedException _) {
      // Closed.
    } catch (RuntimeException e) {
      if (!isClosed()) {
        log.error("crawl_supervisor_failed id={}", crawl.id(), e);
      }
    }
  }

  @SuppressWarnings("WaitNotInLoop") // The loop is the caller's.
  private void await() throws InterruptedException {
    if (deadline == null || paused) {
      changes.await();
    } else {
      var _ =
          changes.awaitNanos(Math.max(1, Duration.between(clock.instant(), deadline).toNanos()));
    }
  }

  private boolean overdue() {
    return deadline != null && !clock.instant().isBefore(deadline);
  }

  private void hire(int count) {
    for (int i = 0; i < count; i++) {
      lanes.hired();
      var worker =
          Thread.ofVirtual()
              .name("crawl-" + crawl.id() + "-worker-" + ++hired)
              .unstarted(this::work);
      workers.add(worker);
      worker.start();
    }
  }

  private void work() {
    Throwable death = null;
    try {
      while (true) {
        var turn = lanes.take();
        if (turn.lane() != null) {
          flow.work(turn.lane());
        } else {
          if (turn.idle() == Lanes.Idle.DRAINED) {
            drained(null);
          }
          return;
        }
      }
    } catch (InterruptedException e) {
      death = e;
    } catch (Throwable e) {
      // The outer edge of the thread: whatever killed the worker, another one takes its place.
      death = e;
    } finally {
      workers.remove(Thread.currentThread());
      lanes.gone();
      if (death != null && lanes.isOpen()) {
        log.warn("crawl_worker_replaced id={} reason={}", crawl.id(), death.toString());
        events.add("worker", PageFlow.data("replaced", true, "reason", death.toString()));
      }
      signal();
    }
  }

  private void drained(@Nullable String reason) {
    lock.lock();
    try {
      if (!drained) {
        drained = true;
        stopReason = reason;
      }
      changes.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void signal() {
    lock.lock();
    try {
      changes.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Brings the run to its end; false if there turned out to be more to fetch. */
  private boolean end() throws InterruptedException {
    lanes.close();
    lanes.awaitSettled();
    String reason;
    lock.lockInterruptibly();
    try {
      reason = stopReason;
    } finally {
      lock.unlock();
    }
    if (reason == null) {
      // Nothing is under way: what is marked so was lost with the worker that had it.
      var hosts = frontier.recover(crawl);
      if (hosts.stream().anyMatch(host -> host.queued() > 0 && host.givenUp() == null)) {
        lanes.load(hosts, clock.instant());
        lock.lockInterruptibly();
        try {
          drained = false;
        } finally {
          lock.unlock();
        }
        lanes.reopen();
        return false;
      }
    }
    ending.finishing(this, reason);
    var _ = frontier.promoteOrphans(crawl);
    indexer.finish();
    if (!isClosed()) {
      ending.finished(this, reason);
    }
    return true;
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Takes no new page; those under way are brought to their end. */
  void pause() {
    lock.lock();
    try {
      paused = true;
    } finally {
      lock.unlock();
    }
    lanes.close();
  }

  void resume() {
    lock.lock();
    try {
      paused = false;
    } finally {
      lock.unlock();
    }
    lanes.reopen();
    signal();
  }

  /** Changes the pace at once. */
  void pace(CrawlSpecification.Limits limits) {
    flow.delay(limits.delay());
    lanes.resize(limits.concurrency(), limits.connectionsPerHost());
    signal();
  }

  IndexStatus indexing() {
    return indexer.status();
  }

  double pagesPerSecond() {
    return rate.perSecond();
  }

  List<Lanes.HostView> hosts(int most) {
    return lanes.view(most);
  }

  int underWay() {
    return lanes.underWay();
  }

  int workers() {
    return workers.size();
  }

  /** Threads at work, for whoever tries what happens when one dies. */
  List<Thread> workerThreads() {
    return new ArrayList<>(workers);
  }

  Budget budget() {
    return budget;
  }

  /** Stops at once. What is under way is fetched again by the next run. */
  @Override
  @SuppressWarnings("ReferenceEquality") // A thread is equal to itself only.
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      changes.signalAll();
    } finally {
      lock.unlock();
    }
    lanes.close();
    var all = workerThreads();
    all.forEach(Thread::interrupt);
    try {
      for (var worker : all) {
        worker.join(Duration.ofSeconds(10));
      }
      indexer.close();
      var chief = supervisor;
      if (chief != null && chief != Thread.currentThread()) {
        chief.interrupt();
        chief.join(Duration.ofSeconds(10));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    web.close();
  }

  private final class FlowListener implements PageFlow.Listener {
    @Override
    public void kept(
        ClaimedUrl url, UrlState state, Added added, @Nullable String detail, int status) {
      if (status >= 200 && status < 400) {
        rate.page();
      }
      indexer.changed();
      events.add(
          "page",
          PageFlow.data(
              "url",
              url.url().toString(),
              "state",
              state.wireName(),
              "reason",
              added.outcome(),
              "status",
              status == 0 ? null : status,
              "leads_to",
              added.leadsTo(),
              "detail",
              detail,
              "depth",
              url.depth()));
    }

    @Override
    public void retried(ClaimedUrl url, String reason, Duration pause) {
      events.add(
          "page",
          PageFlow.data(
              "url",
              url.url().toString(),
              "state",
              "queued",
              "reason",
              reason,
              "retry_in_ms",
              pause.toMillis()));
    }

    @Override
    public void hostFailed(
        Lane lane, String reason, int failures, Duration pause, boolean givenUp) {
      events.add(
          "host",
          PageFlow.data(
              "host",
              lane.host.toString(),
              "reason",
              reason,
              "failures",
              failures,
              "pause_ms",
              pause.toMillis(),
              "given_up",
              givenUp));
    }

    @Override
    public void exhausted(String which) {
      drained(which);
    }
  }

  private final class IndexListener implements Indexer.Listener {
    @Override
    public void waiting(@Nullable String reason) {
      events.add("indexing", PageFlow.data("waiting", reason != null, "reason", reason));
    }

    @Override
    public void refused(String url, String reason) {
      events.add("indexing", PageFlow.data("refused", url, "reason", reason));
    }
  }
}
