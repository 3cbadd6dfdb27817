package io.mosaicdb.coordinator.task;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Bounds of tasks.
 *
 * @param folder where {@code tasks.db} is
 * @param atOnce tasks of one kind that run at a time; others wait
 * @param unfinished tasks that run or wait, at most
 * @param unfinishedSize what their inputs take on disk, at most
 * @param starts a task that the process died of so often is not started again
 * @param kept finished tasks that are remembered
 * @param keptFor how long they are remembered
 * @param keptSize what their results take on disk, at most; the newest stays in any case
 * @param stopPatience how long running tasks may go on when the process is asked to stop
 */
@ConfigurationProperties("mosaic.coordinator.tasks")
record TaskProperties(
    @DefaultValue("data/coordinator") Path folder,
    @DefaultValue("4") int atOnce,
    @DefaultValue("1000") int unfinished,
    @DefaultValue("1GB") DataSize unfinishedSize,
    @DefaultValue("3") int starts,
    @DefaultValue("10000") int kept,
    @DefaultValue("7d") Duration keptFor,
    @DefaultValue("256MB") DataSize keptSize,
    @DefaultValue("5s") Duration stopPatience) {
  TaskProperties {
    requirePositive("at-once", atOnce);
    requirePositive("unfinished", unfinished);
    requirePositive("unfinished-size", unfinishedSize.toBytes());
    requirePositive("starts", starts);
    requirePositive("kept", kept);
    requirePositive("kept-for", keptFor.toMillis());
    requirePositive("kept-size", keptSize.toBytes());
    if (stopPatience.isNegative()) {
      throw new IllegalArgumentException(
          "mosaic.coordinator.tasks.stop-patience must be >= 0, got " + stopPatience);
    }
  }

  /** The defaults of the configuration, in a folder. */
  static TaskProperties in(Path folder) {
    return new TaskProperties(
        folder,
        4,
        1000,
        DataSize.ofGigabytes(1),
        3,
        10_000,
        Duration.ofDays(7),
        DataSize.ofMegabytes(256),
        Duration.ofSeconds(5));
  }

  private static void requirePositive(String key, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(
          "mosaic.coordinator.tasks." + key + " must be > 0, got " + value);
    }
  }
}
