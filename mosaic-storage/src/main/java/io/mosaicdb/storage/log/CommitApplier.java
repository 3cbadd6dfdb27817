package io.mosaicdb.storage.log;

import java.util.List;

/** What turns commits into something searchable. */
@FunctionalInterface
public interface CommitApplier {
  /**
   * Applies entries in commit order. Called by one thread at a time: by the opener of the log
   * during replay, then by the log's writer after each fsync. An entry that was lost or damaged on
   * disk is missing from the sequence.
   *
   * <p>An exception stops the log: the entries are durable, but nothing may overtake them, so
   * appends are refused until the log is reopened and replays them.
   */
  void apply(List<LogEntry> entries);
}
