package io.mosaicdb.worker.job;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;

/** Work that a request may begin. A bean. */
public interface JobKind {
  String name();

  /** What is counted while it runs, in the plural. */
  String unit();

  /** The options that a request may give; others are refused. */
  List<String> options();

  /** Where it runs: platform threads, since it calls SQLite. */
  ExecutorService threads();

  /**
   * Checks the options and returns the work; runs on the request's thread.
   *
   * @throws io.mosaicdb.contract.error.MosaicException naming the option that is not acceptable
   */
  Work prepare(String namespace, Map<String, String> options);

  /** The work itself; what it returns is the job's result, what it throws its error. */
  @FunctionalInterface
  interface Work {
    Map<String, Object> run(JobRun run) throws Exception;
  }
}
