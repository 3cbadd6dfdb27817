package io.mosaicdb.embedding.queue;

import io.mosaicdb.contract.embedding.EmbeddingVector;
import io.mosaicdb.contract.embedding.TextKind;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.embedding.backend.EmbeddingBackend;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue in two lanes, queries and passages, in front of a backend.
 *
 * <p>A lane is ripe when it holds a full batch or when its oldest text has waited for the batch
 * time-out; a backend whose batch is one text therefore never waits. Workers take the ripe lane of
 * queries before that of passages, except that every 16th batch of queries lets a ripe batch of
 * passages go first, so that neither can starve the other. Some workers take queries only. A text
 * whose deadline has passed is not computed.
 *
 * <p>A batch that the model refuses because of what it holds is run text by text, so that one bad
 * text does not fail those of other requests.
 */
public final class EmbeddingQueue implements AutoCloseable {
  private static final int QUERY_BATCHES_IN_A_ROW = 16;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final EmbeddingBackend backend;
  private final QueueSettings settings;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<TextKind, ArrayDeque<Arrival>> lanes = new EnumMap<>(TextKind.class);
  private final List<Thread> threads = new ArrayList<>();
  private int queryBatchesInARow;
  private boolean closed;

  private record Arrival(WaitingText text, long time) {}

  public EmbeddingQueue(EmbeddingBackend backend, QueueSettings settings, ThreadFactory factory) {
    this.backend = backend;
    this.settings = settings;
    for (TextKind kind : TextKind.values()) {
      lanes.put(kind, new ArrayDeque<>());
    }
    for (int i = 0; i < settings.workers() + settings.queryWorkers(); i++) {
      boolean queriesOnly = i >= settings.workers();
      Thread thread = factory.newThread(() -> work(queriesOnly));
      threads.add(thread);
      thread.start();
    }
  }

  /**
   * Queues all the texts, or none. An empty lane takes any number, so that a request of any allowed
   * size is served when nothing is in its way.
   *
   * @throws MosaicException {@code overloaded} when the lane has no room for them
   */
  public void submit(TextKind kind, List<WaitingText> texts) {
    lock.lock();
    try {
      ArrayDeque<Arrival> lane = lane(kind);
      if (closed) {
        throw stopping();
      }
      if (!lane.isEmpty() && lane.size() + texts.size() > settings.capacity()) {
        throw new MosaicException(
            ErrorCode.OVERLOADED,
            lane.size()
                + " texts wait to be embedded, "
                + texts.size()
                + " more exceed the queue's capacity of "
                + settings.capacity(),
            List.of(),
            RETRY_AFTER,
            null);
      }
      long now = System.nanoTime();
      for (WaitingText text : texts) {
        lane.add(new Arrival(text, now));
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many texts wait. */
  public int depth(TextKind kind) {
    lock.lock();
    try {
      return lane(kind).size();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the workers after the batches they have; texts still waiting fail. */
  @Override
  public void close() {
    var abandoned = new ArrayList<WaitingText>();
    lock.lock();
    try {
      closed = true;
      lanes.values().forEach(lane -> lane.forEach(arrival -> abandoned.add(arrival.text())));
      lanes.values().forEach(ArrayDeque::clear);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    abandoned.forEach(text -> text.vector().completeExceptionally(stopping()));
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          // The backend is closed next, and no thread may be inside it then.
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work(boolean queriesOnly) {
    try {
      for (var batch = take(queriesOnly); batch != null; batch = take(queriesOnly)) {
        List<WaitingText> live = withoutLate(batch);
        if (!live.isEmpty()) {
          embed(live);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<WaitingText> withoutLate(List<WaitingText> batch) {
    var live = new ArrayList<WaitingText>(batch.size());
    for (WaitingText text : batch) {
      if (text.deadline() - System.nanoTime() > 0) {
        live.add(text);
      } else {
        text.vector()
            .completeExceptionally(
                new MosaicException(
                    ErrorCode.DEADLINE_EXCEEDED,
                    "the text waited too long for the embedding model"));
      }
    }
    return live;
  }

  private void embed(List<WaitingText> batch) {
    try {
      List<EmbeddingVector> vectors = backend.embed(batch.stream().map(WaitingText::text).toList());
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).vector().complete(vectors.get(i));
      }
    } catch (MosaicException e) {
      if (e.code() == ErrorCode.INVALID_VALUE && batch.size() > 1) {
        batch.forEach(text -> embed(List.of(text)));
      } else {
        batch.forEach(text -> text.vector().completeExceptionally(e));
      }
    } catch (RuntimeException | Error e) {
      batch.forEach(text -> text.vector().completeExceptionally(e));
    }
  }

  /** Waits for a ripe lane and takes a batch of it; null when the queue is closed. */
  private @Nullable List<WaitingText> take(boolean queriesOnly) throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        long now = System.nanoTime();
        long queryWait = untilRipe(TextKind.QUERY, now);
        long passageWait = queriesOnly ? Long.MAX_VALUE : untilRipe(TextKind.PASSAGE, now);
        boolean passagesTurn = passageWait <= 0 && queryBatchesInARow >= QUERY_BATCHES_IN_A_ROW;
        if (queryWait <= 0 && !passagesTurn) {
          queryBatchesInARow++;
          return drain(TextKind.QUERY);
        }
        if (passageWait <= 0) {
          queryBatchesInARow = 0;
          return drain(TextKind.PASSAGE);
        }
        long wait = Math.min(queryWait, passageWait);
        if (wait == Long.MAX_VALUE) {
          changed.await();
        } else {
          long _ = changed.awaitNanos(wait);
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** In nanoseconds: not positive when ripe, the largest long when empty. */
  private long untilRipe(TextKind kind, long now) {
    ArrayDeque<Arrival> lane = lane(kind);
    Arrival oldest = lane.peekFirst();
    if (oldest == null) {
      return Long.MAX_VALUE;
    }
    return lane.size() >= backend.batchSize()
        ? 0
        : settings.batchTimeout().toNanos() - (now - oldest.time());
  }

  private List<WaitingText> drain(TextKind kind) {
    ArrayDeque<Arrival> lane = lane(kind);
    var batch = new ArrayList<WaitingText>();
    while (batch.size() < backend.batchSize() && !lane.isEmpty()) {
      batch.add(lane.removeFirst().text());
    }
    return batch;
  }

  private ArrayDeque<Arrival> lane(TextKind kind) {
    return lanes.computeIfAbsent(kind, absent -> new ArrayDeque<>());
  }

  private static MosaicException stopping() {
    return new MosaicException(ErrorCode.EMBEDDER_UNAVAILABLE, "the embedding service is stopping");
  }
}
