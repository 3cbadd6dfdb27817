package io.mosaicdb.worker.search;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.error.NearestSnapshot;
import io.mosaicdb.storage.partition.CommitNotReadableException;
import io.mosaicdb.storage.partition.Partition;
import io.mosaicdb.storage.search.PartitionSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What partitions show now, or showed after certain commits. */
public final class Snapshots {
  private Snapshots() {}

  /**
   * One snapshot a partition, in their order.
   *
   * @param asOf the commit of each partition; null: the newest
   * @throws MosaicException {@code snapshot_gone} with the nearest that all of them have, {@code
   *     invalid_value} for a commit that has not been made
   */
  public static List<PartitionSnapshot> of(
      List<Partition> partitions, @Nullable Map<String, Long> asOf) {
    if (asOf == null) {
      return partitions.stream().map(Partition::snapshot).toList();
    }
    var snapshots = new ArrayList<PartitionSnapshot>(partitions.size());
    var nearest = new TreeMap<String, Long>();
    CommitNotReadableException gone = null;
    for (Partition partition : partitions) {
      var number = Integer.toString(partition.number());
      long wanted = wanted(asOf, partition);
      try {
        snapshots.add(partition.snapshotAt(wanted));
        nearest.put(number, wanted);
      } catch (CommitNotReadableException e) {
        if (!e.isGone()) {
          throw ahead(e);
        }
        nearest.put(number, e.nearest());
        gone = e;
      }
    }
    if (gone != null) {
      throw MosaicException.snapshotGone(
          String.valueOf(gone.getMessage()), new NearestSnapshot(null, nearest), gone);
    }
    return snapshots;
  }

  /** The snapshot of one partition. */
  public static PartitionSnapshot of(Partition partition, @Nullable Map<String, Long> asOf) {
    return of(List.of(partition), asOf).getFirst();
  }

  private static long wanted(Map<String, Long> asOf, Partition partition) {
    var wanted = asOf.get(Integer.toString(partition.number()));
    if (wanted == null) {
      throw MosaicException.invalidValue(
          "/as_of", "names no commit of partition " + partition.number());
    }
    return wanted;
  }

  private static MosaicException ahead(CommitNotReadableException e) {
    return MosaicException.at(
        ErrorCode.INVALID_VALUE,
        "/as_of",
        "is ahead: " + e.getMessage() + "; min_commit waits for a commit");
  }
}
