package io.mosaicdb.storage.partition;

import java.util.List;

/**
 * What a commit did.
 *
 * @param duplicate the commit had been applied before; {@code outcomes} are those of that time, as
 *     far as they are known
 */
public record CommitOutcome(
    long commitSeq, String commitId, boolean duplicate, List<WriteOutcome> outcomes) {
  public CommitOutcome {
    outcomes = List.copyOf(outcomes);
  }
}
