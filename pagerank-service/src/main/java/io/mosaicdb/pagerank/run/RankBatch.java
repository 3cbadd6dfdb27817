package io.mosaicdb.pagerank.run;

import java.io.IOException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.batch.infrastructure.support.transaction.ResourcelessTransactionManager;

/**
 * The job: four steps, of which those that are complete are not done again when the run is taken up
 * after a crash. A step runs outside any transaction of the job repository, which takes its own for
 * each note it makes: one transaction over an hour of work would lock the file against all others.
 */
final class RankBatch {
  private static final Logger log = LoggerFactory.getLogger(RankBatch.class);
  private static final String JOB = "pagerank";
  private static final String RUN = "run";

  private final JobRepository repository;
  private final JobOperator operator;
  private final Job job;
  private final Map<String, RankWork> works = new ConcurrentHashMap<>();

  RankBatch(JobRepository repository, JobOperator operator) {
    this.repository = repository;
    this.operator = operator;
    this.job =
        new JobBuilder(JOB, repository)
            .start(step("collect", RankWork::collect))
            .next(step("build", RankWork::build))
            .next(step("iterate", RankWork::iterate))
            .next(step("publish", RankWork::publish))
            .build();
  }

  private interface PhaseCall {
    void of(RankWork work) throws IOException, InterruptedException;
  }

  private Step step(String name, PhaseCall phase) {
    return new StepBuilder(name, repository)
        .tasklet(
            (_, context) -> {
              var run = String.valueOf(context.getStepContext().getJobParameters().get(RUN));
              phase.of(Objects.requireNonNull(works.get(run), "a run that nobody began"));
              return RepeatStatus.FINISHED;
            },
            new ResourcelessTransactionManager())
        .build();
  }

  /**
   * Notes of executions that were going on when the process died that they have failed, so that
   * they can be started again.
   */
  void sweep() {
    for (JobExecution execution : repository.findRunningJobExecutions(JOB)) {
      for (StepExecution step : execution.getStepExecutions()) {
        if (step.getStatus().isRunning()) {
          step.setStatus(BatchStatus.FAILED);
          step.setExitStatus(ExitStatus.FAILED);
          step.setEndTime(LocalDateTime.now(ZoneId.systemDefault()));
          repository.update(step);
        }
      }
      execution.setStatus(BatchStatus.FAILED);
      execution.setExitStatus(ExitStatus.FAILED);
      execution.setEndTime(LocalDateTime.now(ZoneId.systemDefault()));
      repository.update(execution);
      log.info("execution swept job={} execution={}", JOB, execution.getId());
    }
  }

  /**
   * Does the steps of the run that are not done yet; returns when they are, or one has failed.
   *
   * @throws Exception what ended a step before its end
   */
  void run(String id, RankWork work) throws Exception {
    works.put(id, work);
    try {
      var parameters = new JobParametersBuilder().addString(RUN, id).toJobParameters();
      var execution = operator.start(job, parameters);
      if (execution.getStatus() != BatchStatus.COMPLETED) {
        throw cause(execution);
      }
    } finally {
      works.remove(id);
    }
  }

  private static Exception cause(JobExecution execution) {
    for (var failure : execution.getAllFailureExceptions()) {
      if (failure instanceof Exception exception) {
        return exception;
      }
    }
    return new JobExecutionException("the job ended as " + execution.getStatus());
  }
}
