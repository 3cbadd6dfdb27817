package io.mosaicdb.worker.metrics;

import static java.util.stream.Collectors.toSet;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mosaicdb.storage.partition.Partition;
import io.mosaicdb.storage.partition.PartitionStatus;
import io.mosaicdb.worker.namespace.Namespace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Counts and sizes of each namespace, under the label {@code namespace}. So many namespaces have a
 * label of their own; all others share {@code (other)}, so that whoever makes namespaces without
 * end makes no metrics without end. Thread-safe.
 */
public final class NamespaceMeters {
  static final int LABELS = 100;
  static final String OTHER = "(other)";
  private static final String LABEL = "namespace";

  private static final List<Size> SIZES =
      List.of(
          new Size("mosaic.documents", "Documents that are there", PartitionStatus::documents),
          new Size(
              "mosaic.documents.unsealed",
              "Of them, those in no shard yet",
              PartitionStatus::unsealed),
          new Size(
              "mosaic.segments",
              "What a search looks through: shards, and segments in memory",
              PartitionStatus::segments),
          new Size("mosaic.shards", "Shard files", PartitionStatus::shards),
          new Size(
              "mosaic.index.bytes",
              "Shard files of the active generation",
              each -> each.bytesOnDisk() - each.log().bytes()),
          new Size(
              "mosaic.log.bytes",
              "Commit log files, with their write-ahead files",
              each -> each.log().bytes()));

  private final MeterRegistry registry;
  private final Map<String, Counters> counters = new HashMap<>();
  private final Map<String, List<Gauge>> gauges = new HashMap<>();

  /** By label, what is measured under it. */
  private volatile Map<String, List<Namespace>> measured = Map.of();

  private record Counters(Counter upserts, Counter deletes, Counter shardQueries) {}

  private record Size(String name, String description, ToLongFunction<PartitionStatus> of) {}

  public NamespaceMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Documents of a commit that are stored, and documents that are gone. */
  public void wrote(String namespace, int upserts, int deletes) {
    var counted = countersOf(namespace);
    counted.upserts().increment(upserts);
    counted.deletes().increment(deletes);
  }

  /** A search that read so many shards. */
  public void searched(String namespace, int shards) {
    countersOf(namespace).shardQueries().increment(shards);
  }

  private synchronized Counters countersOf(String namespace) {
    var known = counters.get(namespace);
    if (known != null) {
      return known;
    }
    int own = counters.size() - (counters.containsKey(OTHER) ? 1 : 0);
    var label = own < LABELS ? namespace : OTHER;
    return counters.computeIfAbsent(label, this::counters);
  }

  private Counters counters(String label) {
    return new Counters(
        counter("mosaic.upserts", "Documents stored, new ones and new versions", label),
        counter("mosaic.deletes", "Documents deleted", label),
        counter(
            "mosaic.shard.queries",
            "Shards that searches looked into, each for each search",
            label));
  }

  private Counter counter(String name, String description, String label) {
    return Counter.builder(name).description(description).tag(LABEL, label).register(registry);
  }

  /** Measures these namespaces from now on, each time somebody looks; forgets all others. */
  synchronized void follow(Collection<Namespace> namespaces) {
    forgetOthers(namespaces.stream().map(each -> each.name().value()).collect(toSet()));
    var groups = new HashMap<String, List<Namespace>>();
    for (Namespace each : namespaces) {
      var label = groups.size() < LABELS ? each.name().value() : OTHER;
      groups.computeIfAbsent(label, _ -> new ArrayList<>()).add(each);
    }
    measured = Map.copyOf(groups);
    // Those that stay are not touched: somebody may be reading them.
    for (String label : groups.keySet()) {
      gauges.computeIfAbsent(label, name -> SIZES.stream().map(size -> gauge(size, name)).toList());
    }
    gauges
        .entrySet()
        .removeIf(entry -> {
          boolean gone = !groups.containsKey(entry.getKey());
          if (gone) {
            entry.getValue().forEach(registry::remove);
          }
          return gone;
        });
  }

  private Gauge gauge(Size size, String label) {
    return Gauge.builder(size.name(), this, meters -> meters.sum(label, size.of()))
        .description(size.description())
        .tag(LABEL, label)
        .register(registry);
  }

  private double sum(String label, ToLongFunction<PartitionStatus> of) {
    long sum = 0;
    for (Namespace namespace : measured.getOrDefault(label, List.of())) {
      for (Partition partition : namespace.partitions()) {
        sum += of.applyAsLong(partition.status());
      }
    }
    return (double) sum;
  }

  synchronized void forgetOthers(Set<String> existing) {
    counters
        .entrySet()
        .removeIf(entry -> {
          if (existing.contains(entry.getKey()) || entry.getKey().equals(OTHER)) {
            return false;
          }
          var gone = entry.getValue();
          List.of(gone.upserts(), gone.deletes(), gone.shardQueries()).forEach(registry::remove);
          return true;
        });
  }
}
