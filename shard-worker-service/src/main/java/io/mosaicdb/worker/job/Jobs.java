package io.mosaicdb.worker.job;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.worker.ShardWorkerApi.JobBody;
import io.mosaicdb.starter.problem.FailureTranslator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Runs jobs and remembers the last of them. Thread-safe. */
@Component
public final class Jobs implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(Jobs.class);
  private static final int REMEMBERED = 1_000;
  private static final int WAITING = 64;

  private final List<JobKind> kinds;
  private final Map<String, Job> jobs = new LinkedHashMap<>();
  private volatile boolean closing;

  Jobs(List<JobKind> kinds) {
    this.kinds = List.copyOf(kinds);
  }

  private final class Job implements JobRun {
    private final String id = UUID.randomUUID().toString();
    private final String namespace;
    private final JobKind kind;
    private String state = "queued";
    private long done;
    private long total;
    private @Nullable Map<String, Object> result;
    private @Nullable MosaicException failure;
    private volatile boolean canceled;

    Job(String namespace, JobKind kind) {
      this.namespace = namespace;
      this.kind = kind;
    }

    @Override
    public synchronized void progress(long doneNow, long totalNow) {
      done = doneNow;
      total = totalNow;
    }

    @Override
    public boolean stopRequested() {
      return canceled || closing;
    }

    synchronized boolean ended() {
      return !state.equals("queued") && !state.equals("running");
    }

    synchronized void begin() {
      state = "running";
    }

    synchronized void end(
        String how, @Nullable Map<String, Object> what, @Nullable MosaicException why) {
      state = how;
      result = what;
      failure = why;
    }

    synchronized JobBody body() {
      return new JobBody(
          id,
          kind.name(),
          state,
          done,
          total,
          kind.unit(),
          result,
          failure == null ? null : failure.code().code(),
          failure == null ? null : failure.detail());
    }
  }

  /** Begins a job; see {@link JobKind#prepare}. */
  public JobBody start(String namespace, String kindName, Map<String, String> options) {
    var kind =
        kinds.stream()
            .filter(each -> each.name().equals(kindName))
            .findFirst()
            .orElseThrow(() ->
                MosaicException.invalidValue(
                    "/kind",
                    "must be one of %s, got '%s'"
                        .formatted(kinds.stream().map(JobKind::name).sorted().toList(), kindName)));
    for (String option : options.keySet()) {
      if (!kind.options().contains(option)) {
        throw MosaicException.invalidValue(
            "/options/" + option,
            "is not an option of %s, which knows %s"
                .formatted(kindName, kind.options().stream().collect(Collectors.joining(", "))));
      }
    }
    var work = kind.prepare(namespace, options);
    var job = new Job(namespace, kind);
    remember(job);
    try {
      kind.threads().execute(() -> run(job, work));
    } catch (RejectedExecutionException e) {
      synchronized (jobs) {
        jobs.remove(job.id);
      }
      throw new MosaicException(ErrorCode.OVERLOADED, WAITING + " jobs wait already", e);
    }
    return job.body();
  }

  private void run(Job job, JobKind.Work work) {
    if (job.stopRequested()) {
      job.end("canceled", null, null);
      return;
    }
    job.begin();
    try {
      job.end("succeeded", work.run(job), null);
    } catch (JobCanceledException _) {
      job.end("canceled", null, null);
    } catch (Exception e) {
      // The outer edge of the job: whatever happened is its result.
      logger.warn("job_failed kind={} namespace={}", job.kind.name(), job.namespace, e);
      job.end("failed", null, FailureTranslator.translate(e));
    }
  }

  private void remember(Job job) {
    synchronized (jobs) {
      if (jobs.values().stream().filter(each -> !each.ended()).count() >= WAITING) {
        throw new MosaicException(ErrorCode.OVERLOADED, WAITING + " jobs wait already");
      }
      jobs.put(job.id, job);
      var old = new ArrayList<>(jobs.values());
      for (int i = 0; jobs.size() > REMEMBERED && i < old.size(); i++) {
        if (old.get(i).ended()) {
          jobs.remove(old.get(i).id);
        }
      }
    }
  }

  public JobBody find(String namespace, String id) {
    return require(namespace, id).body();
  }

  /** Asks the job to end; one that has ended stays what it is. */
  public JobBody cancel(String namespace, String id) {
    var job = require(namespace, id);
    job.canceled = true;
    return job.body();
  }

  private Job require(String namespace, String id) {
    synchronized (jobs) {
      var job = jobs.get(id);
      if (job == null || !job.namespace.equals(namespace)) {
        throw new MosaicException(ErrorCode.NOT_FOUND, "this worker knows no job '" + id + "'");
      }
      return job;
    }
  }

  @Override
  public void close() {
    closing = true;
  }
}
