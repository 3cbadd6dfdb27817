package io.mosaicdb.worker.compaction;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.storage.compaction.CompactionPolicy.Scope;
import io.mosaicdb.storage.compaction.CompactionSettings;
import io.mosaicdb.storage.partition.ActivationSuspendedException;
import io.mosaicdb.storage.partition.CompactionRun;
import io.mosaicdb.storage.partition.Partition;
import io.mosaicdb.worker.job.JobKind;
import io.mosaicdb.worker.job.JobRun;
import io.mosaicdb.worker.namespace.DiskThreads;
import io.mosaicdb.worker.namespace.Namespace;
import io.mosaicdb.worker.namespace.Namespaces;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merges the shards of every partition that the policy names, one after the other on one thread,
 * and those of one namespace on request, on the same thread.
 */
final class Compactions implements JobKind {
  private static final Logger logger = LoggerFactory.getLogger(Compactions.class);

  private final Namespaces namespaces;
  private final CompactionProperties properties;
  private final DiskThreads thread;
  private volatile boolean closing;

  Compactions(Namespaces namespaces, CompactionProperties properties, DiskThreads thread) {
    this.namespaces = namespaces;
    this.properties = properties;
    this.thread = thread;
  }

  /** Looks at every partition; a failure of one is logged and does not stop the others. */
  void round() {
    for (Namespace namespace : namespaces.all()) {
      for (Partition partition : namespace.partitions()) {
        if (closing) {
          return;
        }
        try {
          partition.compact(settings(namespace), Scope.DUE, () -> closing);
        } catch (ActivationSuspendedException e) {
          logger.debug("compaction_suspended namespace={}", namespace.name(), e);
        } catch (IOException | RuntimeException e) {
          logger.error(
              "compaction_failed namespace={} partition={}",
              namespace.name(),
              partition.number(),
              e);
        }
      }
    }
  }

  private CompactionSettings settings(Namespace namespace) {
    return properties.settings(namespace.settings().shardDocuments());
  }

  @Override
  public String name() {
    return "compact";
  }

  @Override
  public String unit() {
    return "partitions";
  }

  @Override
  public List<String> options() {
    return List.of("scope");
  }

  @Override
  public ExecutorService threads() {
    return thread.executor();
  }

  @Override
  public Work prepare(String namespace, Map<String, String> options) {
    var scope =
        switch (options.getOrDefault("scope", "small")) {
          case "small" -> Scope.EVERYTHING_SMALL;
          case "all" -> Scope.ALL;
          default ->
              throw MosaicException.invalidValue(
                  "/scope", "must be small or all, got '" + options.get("scope") + "'");
        };
    var held = namespaces.require(new NamespaceName(namespace));
    held.requireActivation();
    return run -> compact(held, scope, run);
  }

  private Map<String, Object> compact(Namespace namespace, Scope scope, JobRun run)
      throws IOException {
    var runs = new ArrayList<CompactionRun>();
    int total = namespace.partitions().size();
    for (Partition partition : namespace.partitions()) {
      run.progress(runs.size(), total);
      runs.add(partition.compact(settings(namespace), scope, run::stopRequested));
      run.stopIfRequested();
    }
    run.progress(total, total);
    var result = new LinkedHashMap<String, Object>();
    result.put("merged", runs.stream().mapToInt(CompactionRun::merged).sum());
    result.put("made", runs.stream().mapToInt(CompactionRun::made).sum());
    result.put("documents", runs.stream().mapToInt(CompactionRun::documents).sum());
    result.put("dropped", runs.stream().mapToInt(CompactionRun::dropped).sum());
    result.put("bytes_before", runs.stream().mapToLong(CompactionRun::bytesBefore).sum());
    result.put("bytes_after", runs.stream().mapToLong(CompactionRun::bytesAfter).sum());
    return result;
  }

  /** No run begins another shard. */
  void stop() {
    closing = true;
  }
}
