package io.mosaicdb.pagerank.run;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.error.Problem;
import io.mosaicdb.pagerank.run.RunBody.RunList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All runs: begins, continues, cancels and remembers them. Thread-safe. */
final class Runs implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Runs.class);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);

  private final RankBatch batch;
  private final RunStore store;
  private final Workers workers;
  private final PageRankProperties properties;
  private final InstantSource clock;
  private final RunMetrics metrics;
  private final ExecutorService pool;
  private final ExecutorService threads;
  // What is short and touches the disk; requests wait for it on their virtual threads.
  private final ExecutorService notes =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("runs-", 0).daemon().factory());
  private final TreeMap<String, Run> runs = new TreeMap<>();
  private boolean closed;

  Runs(
      RankBatch batch,
      RunStore store,
      Workers workers,
      PageRankProperties properties,
      InstantSource clock,
      RunMetrics metrics) {
    this.batch = batch;
    this.store = store;
    this.workers = workers;
    this.properties = properties;
    this.clock = clock;
    this.metrics = metrics;
    int cores =
        properties.threads() > 0
            ? properties.threads()
            : Runtime.getRuntime().availableProcessors();
    this.pool =
        Executors.newFixedThreadPool(
            cores, Thread.ofPlatform().name("ranking-", 0).daemon().factory());
    this.threads =
        Executors.newFixedThreadPool(
            properties.runsAtOnce(), Thread.ofPlatform().name("run-", 0).daemon().factory());
  }

  /** Takes up what an earlier process left. */
  synchronized void resume() {
    batch.sweep();
    for (Run run : store.all()) {
      runs.put(run.id(), run);
      if (!run.state().hasEnded()) {
        log.info("run resumed id={} namespace={}", run.id(), run.request().namespace());
        submit(run);
      }
    }
    clearFolders();
  }

  private void clearFolders() {
    var folder = properties.folder().resolve("runs");
    try {
      Files.createDirectories(folder);
      try (var listed = Files.list(folder)) {
        for (Path each : listed.toList()) {
          var run = runs.get(String.valueOf(each.getFileName()));
          if (run == null || run.state().hasEnded()) {
            remove(each);
          }
        }
      }
    } catch (IOException e) {
      log.warn("folders of ended runs stay folder={} reason={}", folder, e.getMessage());
    }
  }

  /**
   * Begins a run.
   *
   * @throws MosaicException {@code namespace_not_found}; {@code pagerank_running} if the
   *     namespace's ranks are being computed
   */
  RunBody start(RunRequest asked) {
    return onDisk(() -> {
      var namespace = workers.resolve(asked.namespace());
      var _ = workers.partitionsOf(namespace);
      var request =
          new RunRequest(namespace, asked.settings(), asked.level(), asked.seeds(), asked.warm());
      Run run;
      synchronized (this) {
        if (closed) {
          throw new MosaicException(ErrorCode.SERVICE_UNAVAILABLE, "the service is stopping");
        }
        var going = going(namespace);
        if (going.isPresent()) {
          throw new MosaicException(
              ErrorCode.PAGERANK_RUNNING,
              "run %s computes the ranks of namespace '%s'; wait for it or cancel it"
                  .formatted(going.get().id(), namespace));
        }
        run = new Run(newId(), request, RunState.ENQUEUED, clock.instant());
        runs.put(run.id(), run);
      }
      store.save(run);
      submit(run);
      forget();
      return run.body();
    });
  }

  private String newId() {
    // Ascends with time, so that the order of ids is that of runs.
    long random = ThreadLocalRandom.current().nextLong() & 0xFFFFFFFFL;
    return HexFormat.of().toHexDigits(clock.millis(), 12) + HexFormat.of().toHexDigits(random, 8);
  }

  private Optional<Run> going(String namespace) {
    return runs.values().stream()
        .filter(run -> !run.state().hasEnded() && run.request().namespace().equals(namespace))
        .findFirst();
  }

  private void forget() {
    var ended = new ArrayList<Run>();
    synchronized (this) {
      for (Run run : runs.values()) {
        if (run.state().hasEnded()) {
          ended.add(run);
        }
      }
      while (ended.size() > properties.keptRuns()) {
        var oldest = ended.removeFirst();
        runs.remove(oldest.id());
        store.delete(oldest.id());
      }
    }
  }

  private void submit(Run run) {
    threads.execute(() -> {
      metrics.begun();
      carryOut(run);
      metrics.ended(run.state());
    });
  }

  private void carryOut(Run run) {
    var request = run.request();
    var folder = properties.folder().resolve("runs").resolve(run.id());
    var work =
        new RankWork(
            run.id(),
            request,
            folder,
            properties
                .folder()
                .resolve("last")
                .resolve(request.namespace() + "." + request.level().wireName() + ".db"),
            workers,
            properties,
            clock,
            pool,
            run);
    try {
      run.check();
      run.begin(clock.instant());
      store.save(run);
      batch.run(run.id(), work);
      var report = work.report();
      run.end(RunState.SUCCEEDED, report, null, clock.instant());
      metrics.succeeded(report);
      log.info(
          "ranks published id={} namespace={} nodes={} edges={} iterations={} residual={}",
          run.id(),
          request.namespace(),
          report.nodes(),
          report.edges(),
          report.iterations(),
          report.residual());
    } catch (Exception e) {
      if (run.isStopping() && !run.cancelRequested()) {
        return; // The next process takes it up.
      }
      ended(run, work, e);
    }
    save(run);
    try {
      remove(folder);
    } catch (IOException e) {
      log.warn("folder of a run stays folder={} reason={}", folder, e.getMessage());
    }
  }

  private void ended(Run run, RankWork work, Exception e) {
    discard(run, work);
    if (run.cancelRequested() && e instanceof RunStoppedException) {
      run.end(RunState.CANCELED, null, null, clock.instant());
      log.info("run canceled id={} namespace={}", run.id(), run.request().namespace());
      return;
    }
    var failure =
        e instanceof MosaicException known
            ? known
            : new MosaicException(ErrorCode.INTERNAL_ERROR, String.valueOf(e.getMessage()), e);
    if (failure.code() == ErrorCode.INTERNAL_ERROR) {
      log.error("run failed id={} namespace={}", run.id(), run.request().namespace(), e);
    } else {
      log.warn(
          "run failed id={} namespace={} code={} reason={}",
          run.id(),
          run.request().namespace(),
          failure.code().code(),
          failure.detail());
    }
    run.end(
        RunState.FAILED,
        null,
        Problem.of(failure, "/v1/pagerank/" + run.id(), null),
        clock.instant());
  }

  private static void discard(Run run, RankWork work) {
    try {
      work.discard();
    } catch (IOException | MosaicException e) {
      // The next ranks that are published clear it away.
      log.debug("ranks that were sent stay id={} reason={}", run.id(), e.getMessage());
    }
  }

  private void save(Run run) {
    try {
      store.save(run);
    } catch (RuntimeException e) {
      log.error("run cannot be stored id={} state={}", run.id(), run.state(), e);
    }
  }

  synchronized RunBody require(String id) {
    return find(id).body();
  }

  private Run find(String id) {
    var run = runs.get(id);
    if (run == null) {
      throw new MosaicException(ErrorCode.NOT_FOUND, "there is no run '" + id + "'");
    }
    return run;
  }

  /** The newest first. */
  synchronized RunList list(@Nullable RunState state, @Nullable String namespace, int limit) {
    var found = new ArrayList<RunBody>();
    for (Run run : runs.descendingMap().values()) {
      if (found.size() == limit) {
        break;
      }
      if ((state == null || run.state() == state)
          && (namespace == null || run.request().namespace().equals(namespace))) {
        found.add(run.body());
      }
    }
    return new RunList(found);
  }

  /** The last run of a namespace. */
  synchronized Optional<Run> last(String namespace) {
    return runs.descendingMap().values().stream()
        .filter(run -> run.request().namespace().equals(namespace))
        .findFirst();
  }

  /**
   * Asks a run to end; it does so between two pieces of its work, or succeeds if it has passed the
   * last.
   *
   * @throws MosaicException {@code task_finished} if it has ended
   */
  RunBody cancel(String id) {
    return onDisk(() -> {
      Run run;
      synchronized (this) {
        run = find(id);
      }
      if (run.state().hasEnded()) {
        throw new MosaicException(
            ErrorCode.TASK_FINISHED, "run " + id + " has ended already: " + run.state().wireName());
      }
      run.requestCancel();
      store.save(run);
      return run.body();
    });
  }

  private <T> T onDisk(Callable<T> call) {
    try {
      return notes.submit(call).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MosaicException(ErrorCode.SERVICE_UNAVAILABLE, "the service is stopping", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (var listed = Files.walk(folder)) {
      for (Path each : listed.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  /** Ends what goes on at its next step; it goes on from there in the next process. */
  @Override
  public void close() {
    List<Run> going;
    synchronized (this) {
      closed = true;
      going = runs.values().stream().filter(run -> !run.state().hasEnded()).toList();
    }
    going.forEach(Run::stop);
    threads.shutdown();
    try {
      if (!threads.awaitTermination(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
    notes.shutdown();
    pool.shutdownNow();
  }
}
