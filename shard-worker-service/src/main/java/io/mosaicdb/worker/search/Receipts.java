package io.mosaicdb.worker.search;

import io.mosaicdb.storage.partition.Partition;
import io.mosaicdb.storage.search.PartitionSnapshot;
import io.mosaicdb.storage.search.SearchOutcome;
import io.mosaicdb.worker.namespace.Namespace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a search has read, in a line that a later request can be compared with: {@code <definition>
 * <partition>:<generation>:<commit_seq>:<hash of the shards>:<version of the ranks>[!<missing
 * shard>]…[#<pruned shard>,…]}, a word for each partition. The definition changes with the schema
 * and is another one for a namespace of the same name that was made later.
 */
final class Receipts {
  private static final char PRUNED = '#';

  private Receipts() {}

  /**
   * @param definition {@link Namespace#definition()} from before anything was read of it, so that a
   *     change meanwhile makes the receipt one of the past
   */
  static String of(
      String definition,
      List<PartitionSnapshot> snapshots,
      HitAuthority authority,
      SearchOutcome outcome) {
    var pruned = new ArrayList<String>();
    for (var report : outcome.segments()) {
      if (report.state() == SearchOutcome.State.PRUNED) {
        pruned.add(report.name());
      }
    }
    var line = read(definition, snapshots, authority);
    return pruned.isEmpty() ? line : line + PRUNED + String.join(",", pruned);
  }

  private static String read(
      String definition, List<PartitionSnapshot> snapshots, HitAuthority authority) {
    var line = new StringBuilder(definition);
    for (var snapshot : snapshots) {
      line.append(' ')
          .append(snapshot.partition())
          .append(':')
          .append(snapshot.generation())
          .append(':')
          .append(snapshot.commitSeq())
          .append(':')
          .append(Long.toHexString(shards(snapshot)))
          .append(':')
          .append(authority.version(snapshot.partition()));
      for (var missing : snapshot.missing()) {
        line.append('!').append(missing.shardId());
      }
    }
    return line.toString();
  }

  /** Which shards are in the snapshot: archiving one changes no generation. */
  private static long shards(PartitionSnapshot snapshot) {
    long hash = 0;
    for (var view : snapshot.segments()) {
      var shard = view.segment().shardId().orElse(null);
      if (shard != null) {
        hash = hash * 0x100000001B3L + shard.hashCode();
      }
    }
    return hash;
  }

  /** The shards that were searched, if a search of the same partitions would read the same now. */
  static Optional<List<String>> stillSearched(String receipt, Namespace namespace) {
    int end = receipt.indexOf(PRUNED);
    var line = end < 0 ? receipt : receipt.substring(0, end);
    var pruned = end < 0 ? Set.<String>of() : Set.of(receipt.substring(end + 1).split(",", -1));
    var definition = namespace.definition();
    var snapshots = new ArrayList<PartitionSnapshot>();
    var partitions = new ArrayList<Partition>();
    var words = line.split(" ", -1);
    for (int i = 1; i < words.length; i++) {
      int colon = words[i].indexOf(':');
      if (colon < 1 || colon > 4) {
        return Optional.empty();
      }
      int number = Integer.parseInt(words[i], 0, colon, 10);
      if (number >= namespace.partitions().size()) {
        return Optional.empty();
      }
      partitions.add(namespace.partition(number));
      snapshots.add(partitions.getLast().snapshot());
    }
    if (!read(definition, snapshots, HitAuthority.of(partitions)).equals(line)) {
      return Optional.empty();
    }
    var searched = new HashSet<String>();
    for (var snapshot : snapshots) {
      for (var view : snapshot.segments()) {
        view.segment().shardId().filter(id -> !pruned.contains(id)).ifPresent(searched::add);
      }
    }
    return Optional.of(List.copyOf(searched));
  }
}
