package io.mosaicdb.embedding.queue;

import java.time.Duration;

/**
 * How a queue works.
 *
 * @param workers how many batches are with the model at once
 * @param queryWorkers how many more there may be of queries, so that a query need not wait for a
 *     batch of passages to end
 * @param batchTimeout how long a text waits for others to fill its batch
 * @param capacity how many queries, and how many passages, may wait
 */
public record QueueSettings(int workers, int queryWorkers, Duration batchTimeout, int capacity) {
  public QueueSettings {
    if (workers < 1) {
      throw new IllegalArgumentException("workers must be > 0, got " + workers);
    }
    if (queryWorkers < 0) {
      throw new IllegalArgumentException("query workers must be >= 0, got " + queryWorkers);
    }
    if (batchTimeout.isNegative()) {
      throw new IllegalArgumentException("batch timeout must be >= 0, got " + batchTimeout);
    }
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be > 0, got " + capacity);
    }
  }
}
