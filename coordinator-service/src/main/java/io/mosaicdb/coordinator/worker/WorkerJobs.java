package io.mosaicdb.coordinator.worker;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.worker.ShardWorkerApi.JobBody;
import io.mosaicdb.contract.worker.ShardWorkerApi.JobRequest;
import io.mosaicdb.coordinator.task.TaskCanceledException;
import io.mosaicdb.coordinator.task.TaskRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Has workers do long work and waits for them, as a task does. */
public final class WorkerJobs {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private WorkerJobs() {}

  /** What one worker is to do. */
  public record Order(Worker worker, JobRequest request) {}

  private record Begun(Worker worker, JobBody job) {}

  /**
   * The results, in the order of the orders.
   *
   * @throws MosaicException what a job failed with, once all have ended
   * @throws TaskCanceledException if the task was asked to stop, once all have ended
   */
  public static List<Map<String, Object>> run(List<Order> orders, String namespace, TaskRun run)
      throws InterruptedException {
    var begun = new ArrayList<Begun>();
    try {
      for (Order order : orders) {
        var job = order.worker().api().startJob(namespace, order.request());
        begun.add(new Begun(order.worker(), job));
      }
    } catch (MosaicException e) {
      begun.forEach(each -> cancel(each, namespace));
      throw e;
    }
    var ended = await(begun, namespace, run);
    for (JobBody job : ended) {
      if (job.state().equals("failed")) {
        throw new MosaicException(
            ErrorCode.find(Objects.requireNonNullElse(job.errorCode(), ""))
                .orElse(ErrorCode.INTERNAL_ERROR),
            Objects.requireNonNullElse(job.error(), "the worker does not say why"));
      }
    }
    if (ended.stream().anyMatch(job -> job.state().equals("canceled"))) {
      throw new TaskCanceledException();
    }
    return ended.stream().map(JobBody::result).map(Objects::requireNonNull).toList();
  }

  /** Numbers of the same name, added up. */
  public static Map<String, Long> sums(List<Map<String, Object>> results) {
    var sums = new TreeMap<String, Long>();
    for (var result : results) {
      result.forEach((name, value) -> sums.merge(name, ((Number) value).longValue(), Long::sum));
    }
    return sums;
  }

  private static List<JobBody> await(List<Begun> begun, String namespace, TaskRun run)
      throws InterruptedException {
    boolean canceled = false;
    while (true) {
      if (run.cancelRequested() && !canceled) {
        begun.forEach(each -> cancel(each, namespace));
        canceled = true;
      }
      var jobs = new ArrayList<JobBody>();
      for (Begun each : begun) {
        jobs.add(each.worker().api().job(namespace, each.job().id()));
      }
      run.total(jobs.stream().mapToLong(JobBody::total).sum());
      run.done(jobs.stream().mapToLong(JobBody::done).sum());
      if (jobs.stream().noneMatch(WorkerJobs::goesOn)) {
        return jobs;
      }
      Thread.sleep(BETWEEN_LOOKS);
    }
  }

  private static boolean goesOn(JobBody job) {
    return job.state().equals("queued") || job.state().equals("running");
  }

  private static void cancel(Begun begun, String namespace) {
    begun.worker().api().cancelJob(namespace, begun.job().id());
  }
}
