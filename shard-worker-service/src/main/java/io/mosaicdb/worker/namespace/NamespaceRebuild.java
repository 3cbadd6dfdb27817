package io.mosaicdb.worker.namespace;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.model.schema.NamespaceSettings;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.partition.Partition;
import io.mosaicdb.storage.partition.PartitionRebuild;
import io.mosaicdb.storage.partition.PartitionRebuild.Conversion;
import io.mosaicdb.storage.partition.PartitionSettings;
import io.mosaicdb.worker.job.JobRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A rebuild of a namespace's partitions on this worker: everything is made beside what is served,
 * the rest while nothing is written for a moment, and then served as one. Whatever ends it before
 * leaves the namespace as it was.
 */
public final class NamespaceRebuild implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(NamespaceRebuild.class);

  /** Writers wait no longer than it takes to convert about so many documents. */
  private static final long LAST_DOCUMENTS = 64;

  /** Where writers are as fast as the rebuild, they wait longer in the end. */
  private static final int ROUNDS = 12;

  private final Namespace namespace;
  private final NamespaceRequest change;
  private final Function<NamespaceSettings, PartitionSettings> partitionSettings;
  private final HeldSchema coming;

  /** Makes documents what they are to be. */
  public interface Converter extends Conversion {
    /** From now on writers wait: it may not pause. */
    void hurry();
  }

  NamespaceRebuild(
      Namespace namespace,
      NamespaceRequest change,
      Function<NamespaceSettings, PartitionSettings> partitionSettings) {
    namespace.beginRebuild();
    this.namespace = namespace;
    this.change = change;
    this.partitionSettings = partitionSettings;
    // Attributes may join while it runs.
    Supplier<Schema> planned = () -> namespace.plan(change).schema();
    this.coming = new HeldSchema(planned);
  }

  /** Whether there is something to do. */
  public boolean isNeeded() {
    return !namespace.plan(change).rebuilt().isEmpty();
  }

  /** Whether documents need vectors that they do not have. */
  public boolean embeds() {
    return namespace.plan(change).embeds();
  }

  /** What the documents are to look like. */
  public Schema target() {
    return coming.get();
  }

  /** What they look like. */
  public Schema schema() {
    return namespace.schema();
  }

  /**
   * Rebuilds and switches.
   *
   * @param model as in {@link Partition#rebuild}
   * @throws IOException if it failed
   */
  public Map<String, Object> run(@Nullable String model, Converter converter, JobRun run)
      throws IOException, InterruptedException {
    var parts = new ArrayList<PartitionRebuild>();
    try {
      for (Partition partition : namespace.partitions()) {
        parts.add(partition.rebuild(coming, model, converter));
      }
      rebuild(parts, converter, run);
    } finally {
      close(parts);
    }
    long documents = parts.stream().mapToLong(PartitionRebuild::documents).sum();
    logger.info("rebuilt namespace={} documents={}", namespace.name(), documents);
    var result = new LinkedHashMap<String, Object>();
    result.put("partitions", parts.size());
    result.put("documents", documents);
    return result;
  }

  /** Writers go on in every partition, whatever is wrong with the files of one. */
  private void close(List<PartitionRebuild> parts) {
    for (PartitionRebuild part : parts) {
      try {
        part.close();
      } catch (IOException e) {
        logger.warn("rebuild_left_files namespace={}", namespace.name(), e);
      }
    }
  }

  private void rebuild(List<PartitionRebuild> parts, Converter converter, JobRun run)
      throws IOException, InterruptedException {
    Runnable progress =
        () -> {
          long done = parts.stream().mapToLong(PartitionRebuild::converted).sum();
          long total = parts.stream().mapToLong(PartitionRebuild::documents).sum();
          run.progress(Math.min(done, total), total);
        };
    BooleanSupplier stop = () -> run.stopRequested() || namespace.isReopening();
    for (int round = 0; round < ROUNDS; round++) {
      for (PartitionRebuild part : parts) {
        if (!part.advance(progress, stop)) {
          stopIfRequested(run);
        }
      }
      stopIfRequested(run);
      if (parts.stream().mapToLong(PartitionRebuild::behind).sum() <= LAST_DOCUMENTS) {
        break;
      }
    }
    converter.hurry();
    for (PartitionRebuild part : parts) {
      if (!part.hold(progress, stop)) {
        stopIfRequested(run);
      }
    }
    stopIfRequested(run);
    try {
      namespace.switchTo(change, coming, parts, partitionSettings);
    } catch (MosaicException e) {
      throw new IOException(e.detail(), e);
    }
  }

  private void stopIfRequested(JobRun run) throws IOException, InterruptedException {
    run.stopIfRequested();
    if (namespace.isReopening()) {
      throw new IOException(
          "files of namespace '%s' were put back, or its log began anew: begin the rebuild again"
              .formatted(namespace.name()));
    }
  }

  @Override
  public void close() {
    namespace.endRebuild();
  }
}
