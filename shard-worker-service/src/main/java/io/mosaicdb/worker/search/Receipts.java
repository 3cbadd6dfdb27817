package io.mosaicdb.worker.search;

import io.mosaicdb.storage.search.PartitionSnapshot;
import io.mosaicdb.worker.namespace.Namespace;
import java.util.ArrayList;
import java.util.List;

/**
 * What a search has read, in a line that a later request can be compared with: {@code <definition>
 * <partition>:<generation>:<commit_seq>[!<missing shard>]… [-<segment not searched>,…]}, a word for
 * each partition. The definition changes with the schema and is another one for a namespace of the
 * same name that was made later.
 */
final class Receipts {
  private Receipts() {}

  /**
   * @param definition {@link Namespace#definition()} from before anything was read of it, so that a
   *     change meanwhile makes the receipt one of the past
   */
  static String of(String definition, List<PartitionSnapshot> snapshots) {
    var line = new StringBuilder(definition);
    for (var snapshot : snapshots) {
      line.append(' ')
          .append(snapshot.partition())
          .append(':')
          .append(snapshot.generation())
          .append(':')
          .append(snapshot.commitSeq());
      for (var missing : snapshot.missing()) {
        line.append('!').append(missing.shardId());
      }
    }
    return line.toString();
  }

  /** Whether a search of the same partitions would read the same now. */
  static boolean isCurrent(String receipt, Namespace namespace) {
    var definition = namespace.definition();
    var snapshots = new ArrayList<PartitionSnapshot>();
    var words = receipt.split(" ", -1);
    for (int i = 1; i < words.length; i++) {
      int end = words[i].indexOf(':');
      if (end < 1 || end > 4) {
        return false;
      }
      int number = Integer.parseInt(words[i], 0, end, 10);
      if (number >= namespace.partitions().size()) {
        return false;
      }
      snapshots.add(namespace.partition(number).snapshot());
    }
    return of(definition, snapshots).equals(receipt);
  }
}
