package io.mosaicdb.storage.log;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * One partition's ordered commit log. Thread-safe.
 *
 * <p>Failures of an append arrive in its futures, all of them subclasses of {@link
 * CommitLogException}. Futures complete on the log's own thread: what is chained to them must be
 * short or asynchronous.
 */
public interface CommitLog extends AutoCloseable {
  /**
   * Offers a payload. Never blocks, and may be called from a virtual thread.
   *
   * <p>Order is decided when the entry is written, not when this method is called. If either future
   * completes normally the entry is on disk and will survive a crash of the machine. If the durable
   * future fails, the entry was not acknowledged; after a crash or an I/O error in that very moment
   * it may still be found in the log.
   *
   * <p>Fails with {@link LogOverloadedException} (queue full: try later), {@link
   * EntryTooLargeException}, {@link OperationConflictException} (operation id known with another
   * payload) or {@link LogFailedException} (the log accepts nothing until it is reopened).
   */
  Appended append(Append append);

  /**
   * The newest durable commit: a reader that has awaited it sees every commit acknowledged before
   * this call.
   */
  LogPosition readPoint();

  /** The newest commit the applier has finished. */
  LogPosition applied();

  /**
   * Completes when the applier has finished {@code seq}; at once if it has. Fails with {@link
   * NotAppliedInTimeException} after {@code timeout}, or {@link LogFailedException}. A position of
   * the future is awaited, not refused.
   */
  CompletableFuture<Void> awaitApplied(long seq, Duration timeout);

  /**
   * The durable entries after {@code fromSeqExclusive}, for a follower. Reads the disk: not for
   * virtual threads.
   */
  Tail tail(long fromSeqExclusive);

  /**
   * Gives up entries that are safe elsewhere: removes whole files whose entries are all {@code <=
   * uptoSeq} and applied. Entries after {@code uptoSeq} always stay; entries before it may. Blocks
   * until done.
   */
  void purge(long uptoSeq);

  LogStatus status();

  /** Writes what was accepted, then stops. Appends that come later fail. */
  @Override
  void close();
}
