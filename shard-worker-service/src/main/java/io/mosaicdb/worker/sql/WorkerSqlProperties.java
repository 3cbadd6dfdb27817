package io.mosaicdb.worker.sql;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What SQL may take of a worker.
 *
 * @param threads statements that run at a time
 * @param queue statements that may wait for a thread before new ones are refused
 * @param resultSize values of one answer together
 * @param memory how much the process may grow beside the Java heap while a statement runs (Linux)
 * @param temporarySpace how much the temporary folder may fill while a statement runs
 * @param extractSize what one worker hands another for a statement
 */
@ConfigurationProperties("mosaic.worker.sql")
record WorkerSqlProperties(
    @DefaultValue("2") int threads,
    @DefaultValue("16") int queue,
    @DefaultValue("16MB") DataSize resultSize,
    @DefaultValue("512MB") DataSize memory,
    @DefaultValue("2GB") DataSize temporarySpace,
    @DefaultValue("64MB") DataSize extractSize) {
  WorkerSqlProperties {
    require("threads", threads, 64);
    require("queue", queue, 10_000);
    require("result-size", resultSize);
    require("memory", memory);
    require("temporary-space", temporarySpace);
    require("extract-size", extractSize);
  }

  private static void require(String key, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          "mosaic.worker.sql." + key + " must be between 1 and " + most + ", got " + value);
    }
  }

  private static void require(String key, DataSize value) {
    if (value.toBytes() < 1 << 20) {
      throw new IllegalArgumentException(
          "mosaic.worker.sql." + key + " must be at least 1MB, got " + value);
    }
  }
}
