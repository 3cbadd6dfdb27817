package io.mosaicdb.worker.search;

import io.mosaicdb.contract.worker.WorkerSearchResponse.AuthorityBody;
import io.mosaicdb.storage.authority.AuthorityRanks;
import io.mosaicdb.storage.partition.Partition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ranks that one search goes by, of each partition those in force when it began. */
record HitAuthority(Map<Integer, AuthorityRanks> ranks) {
  static final HitAuthority NONE = new HitAuthority(Map.of());

  static HitAuthority of(List<Partition> partitions) {
    var ranks = new HashMap<Integer, AuthorityRanks>();
    for (Partition partition : partitions) {
      partition.authority().current().ifPresent(each -> ranks.put(partition.number(), each));
    }
    return ranks.isEmpty() ? NONE : new HitAuthority(ranks);
  }

  /** The document's rank in multiples of the average one; null if it has none. */
  @Nullable Double of(int partition, String id) {
    var known = ranks.get(partition);
    if (known == null) {
      return null;
    }
    double rank = known.rank(id);
    return Double.isNaN(rank) ? null : rank * known.description().nodes();
  }

  /** The number of the ranks that a partition goes by; 0: none. */
  long version(int partition) {
    var known = ranks.get(partition);
    return known == null ? 0 : known.version();
  }

  @Nullable AuthorityBody describe() {
    if (ranks.isEmpty()) {
      return null;
    }
    long nodes = 0;
    double most = 0;
    for (AuthorityRanks each : ranks.values()) {
      nodes = Math.max(nodes, each.description().nodes());
      most = Math.max(most, each.mostRelative());
    }
    return new AuthorityBody(nodes, most);
  }
}
