package io.mosaicdb.worker.expiry;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.model.document.CommitBatch;
import io.mosaicdb.model.document.Operation;
import io.mosaicdb.model.document.WriteStatus;
import io.mosaicdb.model.filter.Filter;
import io.mosaicdb.model.schema.TimeToLive;
import io.mosaicdb.storage.document.CommitCodec;
import io.mosaicdb.storage.partition.Partition;
import io.mosaicdb.storage.partition.ShardReaders;
import io.mosaicdb.worker.namespace.Namespace;
import io.mosaicdb.worker.namespace.Namespaces;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for documents whose time is over and deletes them, on the condition that they are still the
 * version that was looked at: one that was written again meanwhile stays. A failure of one
 * partition does not stop the others; what is not deleted is found again by the next pass.
 */
final class Expiry {
  private static final Logger logger = LoggerFactory.getLogger(Expiry.class);
  private static final int DELETES_IN_ONE_COMMIT = 1000;

  private final Namespaces namespaces;
  private final ShardReaders readers;
  private final Clock clock;
  private final int most;
  private final AtomicLong deleted = new AtomicLong();
  private final Map<String, String> failures = new ConcurrentHashMap<>();
  private volatile boolean closing;

  /**
   * @param most documents that one pass deletes of one partition
   */
  Expiry(Namespaces namespaces, ShardReaders readers, Clock clock, int most) {
    this.namespaces = namespaces;
    this.readers = readers;
    this.clock = clock;
    this.most = most;
  }

  /** How many documents were deleted since the process began. */
  long deleted() {
    return deleted.get();
  }

  /** By namespace and partition: why the last pass over it failed. */
  Map<String, String> failures() {
    return Map.copyOf(failures);
  }

  /** Goes over every namespace once. */
  void pass() {
    var seen = new ArrayList<String>();
    for (Namespace namespace : namespaces.all()) {
      var ttl = namespace.settings().ttl();
      if (ttl == null) {
        continue;
      }
      for (Partition partition : namespace.partitions()) {
        if (closing) {
          return;
        }
        var name = namespace.name() + "/" + partition.number();
        seen.add(name);
        pass(name, namespace, partition, ttl);
      }
    }
    failures.keySet().retainAll(seen);
  }

  private void pass(String name, Namespace namespace, Partition partition, TimeToLive ttl) {
    try {
      long count = expire(namespace, partition, ttl);
      failures.remove(name);
      if (count > 0) {
        deleted.addAndGet(count);
        logger.info(
            "documents_expired namespace={} partition={} documents={}",
            namespace.name(),
            partition.number(),
            count);
      }
    } catch (RuntimeException e) {
      var cause = e.getCause();
      var reason =
          e instanceof MosaicException refused
              ? refused.detail()
              : String.valueOf((cause == null ? e : cause).getMessage());
      if (!reason.equals(failures.put(name, reason))) {
        logger.warn("expiry_failed partition={} reason=\"{}\"", name, reason);
      }
    }
  }

  private long expire(Namespace namespace, Partition partition, TimeToLive ttl) {
    var over = find(partition, ttl);
    long count = 0;
    for (int from = 0; from < over.size() && !closing; from += DELETES_IN_ONE_COMMIT) {
      var batch = over.subList(from, Math.min(over.size(), from + DELETES_IN_ONE_COMMIT));
      namespace.requireWritable();
      var outcome =
          partition.append(CommitCodec.encode(new CommitBatch("", batch)), null).join().outcomes();
      count += outcome.stream().filter(each -> each.status() == WriteStatus.DELETED).count();
    }
    return count;
  }

  private List<Operation> find(Partition partition, TimeToLive ttl) {
    long latest = clock.instant().minus(ttl.after()).toEpochMilli();
    var over = new Filter.Range(ttl.field(), null, true, latest, true);
    var found = new ArrayList<Operation>();
    try (var _ = readers.begin()) {
      for (var view : partition.snapshot().segments()) {
        var segment = view.segment();
        segment
            .matching(over)
            .forEach(document -> {
              if (found.size() < most && view.isLive(document)) {
                found.add(
                    Operation.delete(segment.id(document)).ifVersion(segment.version(document)));
              }
            });
      }
    }
    return found;
  }

  /** A pass ends before its next commit. */
  void stop() {
    closing = true;
  }
}
