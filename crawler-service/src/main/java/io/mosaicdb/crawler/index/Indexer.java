package io.mosaicdb.crawler.index;

import io.mosaicdb.contract.document.DocumentBody;
import io.mosaicdb.contract.document.WriteRequest;
import io.mosaicdb.contract.document.WriteResponse;
import io.mosaicdb.contract.error.ErrorCategory;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.crawler.frontier.Frontier;
import io.mosaicdb.crawler.frontier.FrontierCrawl;
import io.mosaicdb.crawler.frontier.Pending;
import io.mosaicdb.crawler.frontier.Pushed;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one crawl's pages into its namespace, on a thread of its own. {@link #changed} wakes it;
 * {@link #finish} has it bring everything and waits. A failure that may pass is tried again until
 * it passes; a document that is refused for what it is takes nothing else with it.
 */
public final class Indexer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Indexer.class);

  /** Hears of what the indexer meets. */
  public interface Listener {
    /** Nobody takes documents, for this reason; null: they are taken again. */
    void waiting(@Nullable String reason);

    /** The index does not take a page, and will not. */
    void refused(String url, String reason);
  }

  private final Frontier frontier;
  private final FrontierCrawl crawl;
  private final String namespace;
  private final CoordinatorApi coordinator;
  private final IndexSettings settings;
  private final Clock clock;
  private final Listener listener;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changes = lock.newCondition();
  private final Condition done = lock.newCondition();
  private boolean dirty = true;
  private boolean finishing;
  private boolean finished;
  private boolean closed;
  private long written;
  private long deleted;
  private long unchanged;
  private @Nullable Instant waitingSince;
  private @Nullable String reason;

  // Of the thread alone.
  private @Nullable PageSchema schema;
  private long anchorsAt;

  public Indexer(
      Frontier frontier,
      FrontierCrawl crawl,
      String namespace,
      CoordinatorApi coordinator,
      IndexSettings settings,
      Clock clock,
      Listener listener) {
    this.frontier = frontier;
    this.crawl = crawl;
    this.namespace = namespace;
    this.coordinator = coordinator;
    this.settings = settings;
    this.clock = clock;
    this.listener = listener;
    this.anchorsAt = System.nanoTime();
    this.thread = Thread.ofVirtual().name("index-" + crawl.id()).start(this::run);
  }

  /** A page was kept or dropped. */
  public void changed() {
    lock.lock();
    try {
      dirty = true;
      changes.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Brings all that is pending, anchors too, and waits until the index has it. */
  public void finish() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      finishing = true;
      changes.signal();
      while (!finished && !closed) {
        done.await();
      }
    } finally {
      lock.unlock();
    }
  }

  public IndexStatus status() {
    lock.lock();
    try {
      return new IndexStatus(written, deleted, unchanged, waitingSince, reason);
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    var pause = settings.firstPause();
    while (true) {
      try {
        if (!await()) {
          return;
        }
        round();
        pause = settings.firstPause();
        waiting(null);
      } catch (InterruptedException _) {
        return;
      } catch (MosaicException e) {
        waiting(e.code().code() + ": " + e.detail());
        pause = sleep(pause, e);
      } catch (RuntimeException e) {
        log.error("indexing_failed crawl={}", crawl.id(), e);
        waiting("internal_error: " + e.getMessage());
        pause = sleep(pause, null);
      }
    }
  }

  /** False once it is closed. */
  private boolean await() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed && !dirty && !(finishing && !finished)) {
        changes.await();
      }
      if (!closed && !finishing) {
        // More is likely to come at once; a full batch costs little more than one document.
        long left = settings.linger().toNanos();
        while (!closed && !finishing && left > 0) {
          left = changes.awaitNanos(left);
        }
      }
      dirty = false;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private void round() throws InterruptedException {
    boolean last;
    lock.lockInterruptibly();
    try {
      last = finishing;
    } finally {
      lock.unlock();
    }
    boolean anchors = last || System.nanoTime() - anchorsAt > settings.anchorsEvery().toNanos();
    var failed = false;
    try {
      while (sendBatch(!anchors)) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedException();
        }
      }
    } catch (MosaicException | IllegalStateException e) {
      failed = true;
      throw e;
    } finally {
      if (failed) {
        changed();
      }
    }
    if (anchors) {
      anchorsAt = System.nanoTime();
    }
    if (last) {
      lock.lockInterruptibly();
      try {
        finished = true;
        done.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Whether there was anything to do. */
  private boolean sendBatch(boolean urgentOnly) {
    var pages = frontier.pending(crawl, urgentOnly, settings.batch(), settings.batchBytes());
    if (pages.isEmpty()) {
      return false;
    }
    var into = schema();
    var documents = new ArrayList<DocumentBody>();
    var sent = new ArrayList<Pushed>();
    var deletes = new ArrayList<String>();
    var removed = new ArrayList<Pushed>();
    var same = new ArrayList<Pushed>();
    for (var page : pages) {
      if (page.content() == null) {
        var gone = new Pushed(page.url(), page.changed(), null, null);
        if (page.document() == null) {
          same.add(gone);
        } else {
          deletes.add(page.document());
          removed.add(gone);
        }
        continue;
      }
      var document = PageDocument.of(page, page.content(), into);
      var now =
          new Pushed(page.url(), page.changed(), PageDocument.id(page.address()), document.hash());
      if (Arrays.equals(document.hash(), page.documentHash())) {
        same.add(now);
      } else {
        documents.add(document.body());
        sent.add(now);
      }
    }
    var all = new ArrayList<>(same);
    if (!documents.isEmpty() || !deletes.isEmpty()) {
      all.addAll(write(documents, sent, deletes, removed, pages));
    }
    frontier.pushed(all);
    lock.lock();
    try {
      unchanged += same.size();
    } finally {
      lock.unlock();
    }
    return true;
  }

  private List<Pushed> write(
      List<DocumentBody> documents,
      List<Pushed> sent,
      List<String> deletes,
      List<Pushed> removed,
      List<Pending> pages) {
    WriteResponse answer;
    try {
      answer =
          coordinator.write(
              namespace,
              key(sent, removed),
              new WriteRequest(
                  documents.isEmpty() ? null : documents, deletes.isEmpty() ? null : deletes));
    } catch (MosaicException e) {
      if (e.code().category() != ErrorCategory.USER || forgetSchemaAfter(e)) {
        throw e;
      }
      if (documents.size() + deletes.size() == 1) {
        return List.of(refused(sent, removed, 0, pages, e.code().code() + ": " + e.detail()));
      }
      return oneByOne(documents, sent, deletes, removed, pages);
    }
    var kept = new ArrayList<Pushed>();
    var results = answer.results();
    for (int i = 0; i < results.size(); i++) {
      var error = results.get(i).error();
      if (error == null) {
        kept.add(i < sent.size() ? sent.get(i) : removed.get(i - sent.size()));
      } else if (passing(error.code())) {
        // It stays pending, and the round is made again.
        throw new MosaicException(
            ErrorCode.find(error.code()).orElse(ErrorCode.SERVICE_UNAVAILABLE), error.message());
      } else {
        kept.add(refused(sent, removed, i, pages, error.code() + ": " + error.message()));
      }
    }
    lock.lock();
    try {
      written += sent.size();
      deleted += removed.size();
    } finally {
      lock.unlock();
    }
    return kept;
  }

  /** A request that is refused as a whole is made again in parts, so that one is found at fault. */
  private List<Pushed> oneByOne(
      List<DocumentBody> documents,
      List<Pushed> sent,
      List<String> deletes,
      List<Pushed> removed,
      List<Pending> pages) {
    var kept = new ArrayList<Pushed>();
    for (int i = 0; i < documents.size(); i++) {
      kept.addAll(
          write(documents.subList(i, i + 1), sent.subList(i, i + 1), List.of(), List.of(), pages));
    }
    for (int i = 0; i < deletes.size(); i++) {
      kept.addAll(
          write(List.of(), List.of(), deletes.subList(i, i + 1), removed.subList(i, i + 1), pages));
    }
    return kept;
  }

  /** Whether the namespace was deleted or made anew, so that its schema has to be read again. */
  private boolean forgetSchemaAfter(MosaicException failure) {
    if (failure.code() == ErrorCode.NAMESPACE_NOT_FOUND) {
      schema = null;
      return true;
    }
    return false;
  }

  private static boolean passing(String code) {
    var known = ErrorCode.find(code);
    return known.isEmpty() || known.get().category() != ErrorCategory.USER;
  }

  private Pushed refused(
      List<Pushed> sent, List<Pushed> removed, int at, List<Pending> pages, String why) {
    var page = at < sent.size() ? sent.get(at) : removed.get(at - sent.size());
    for (var each : pages) {
      if (each.url() == page.url()) {
        log.warn("page_refused crawl={} url={} reason={}", crawl.id(), each.address(), why);
        listener.refused(each.address(), why);
        return new Pushed(page.url(), page.changed(), each.document(), each.documentHash());
      }
    }
    throw new IllegalStateException("a page that was not asked for: " + page.url());
  }

  /** The same for the same documents in the same versions, so that a repetition is applied once. */
  private String key(List<Pushed> sent, List<Pushed> removed) {
    var parts = new ByteArrayOutputStream();
    for (var page : sent) {
      parts.writeBytes(ByteBuffer.allocate(16).putLong(page.url()).putLong(page.changed()).array());
      parts.writeBytes(page.documentHash() == null ? new byte[0] : page.documentHash());
    }
    for (var page : removed) {
      parts.writeBytes(
          ByteBuffer.allocate(16).putLong(-page.url()).putLong(page.changed()).array());
    }
    parts.writeBytes(namespace.getBytes(StandardCharsets.UTF_8));
    return "crawl/"
        + crawl.id()
        + "/"
        + HexFormat.of().formatHex(PageDocument.sha256(parts.toByteArray()));
  }

  private PageSchema schema() {
    var known = schema;
    if (known != null) {
      return known;
    }
    PageSchema read;
    try {
      read = PageSchema.of(coordinator.describe(namespace));
    } catch (MosaicException e) {
      if (e.code() != ErrorCode.NAMESPACE_NOT_FOUND) {
        throw e;
      }
      try {
        var _ = coordinator.create(namespace, PageSchema.standard());
      } catch (MosaicException raced) {
        if (raced.code() != ErrorCode.NAMESPACE_EXISTS
            && raced.code() != ErrorCode.SCHEMA_CONFLICT) {
          throw raced;
        }
      }
      read = PageSchema.of(coordinator.describe(namespace));
    }
    schema = read;
    return read;
  }

  private void waiting(@Nullable String why) {
    boolean tell;
    lock.lock();
    try {
      tell = (why == null) != (waitingSince == null);
      waitingSince = why == null ? null : waitingSince == null ? clock.instant() : waitingSince;
      reason = why;
    } finally {
      lock.unlock();
    }
    if (tell) {
      log.info(
          "indexing_{} crawl={} reason={}", why == null ? "goes_on" : "waits", crawl.id(), why);
      listener.waiting(why);
    }
  }

  /** Sleeps, unless it is closed meanwhile; the next pause. */
  private Duration sleep(Duration pause, @Nullable MosaicException failure) {
    var asked = failure == null ? pause : failure.retryAfter().orElse(pause);
    var length = asked.compareTo(settings.longestPause()) > 0 ? settings.longestPause() : asked;
    try {
      TimeUnit.NANOSECONDS.sleep(length.toNanos());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    var next = pause.multipliedBy(2);
    return next.compareTo(settings.longestPause()) > 0 ? settings.longestPause() : next;
  }

  /** Stops; what is pending stays in the frontier. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changes.signalAll();
      done.signalAll();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
