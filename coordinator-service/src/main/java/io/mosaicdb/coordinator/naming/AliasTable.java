package io.mosaicdb.coordinator.naming;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.namespace.AliasBody;
import io.mosaicdb.contract.namespace.AliasList;
import io.mosaicdb.contract.namespace.AliasRequest;
import io.mosaicdb.coordinator.worker.Worker;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.model.NamespaceName;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The aliases, which every worker has. The first worker's are those in force: a change reaches it
 * last, and with that one replaced file it has happened. They are kept here for a second; a change
 * through this coordinator is seen at once, one through another within that second. Thread-safe.
 */
public final class AliasTable {
  static final Duration LIFETIME = Duration.ofSeconds(1);
  private final WorkerTopology topology;
  private final AtomicLong changes = new AtomicLong();
  private volatile @Nullable Known known;

  private record Known(Map<String, String> targets, long at) {}

  public AliasTable(WorkerTopology topology) {
    this.topology = topology;
  }

  /** What the name stands for: the alias's namespace, or the name itself. */
  public NamespaceName resolve(NamespaceName name) {
    var target = targets().get(name.value());
    return target == null ? name : new NamespaceName(target);
  }

  /** As {@link #resolve(NamespaceName)} for a name that need not be a good one. */
  String resolve(String name) {
    return targets().getOrDefault(name, name);
  }

  AliasList list() {
    return topology.workers().getFirst().api().aliases();
  }

  /**
   * @throws MosaicException {@code alias_not_found}
   */
  AliasBody load(NamespaceName alias) {
    return list().aliases().stream()
        .filter(each -> each.alias().equals(alias.value()))
        .findFirst()
        .orElseThrow(() ->
            new MosaicException(
                ErrorCode.ALIAS_NOT_FOUND, "there is no alias '" + alias.value() + "'"));
  }

  /**
   * Names {@code namespace} by the alias, whatever it named before. Repeating it heals what an
   * outage of a worker left half done.
   *
   * @throws MosaicException {@code namespace_exists} if a namespace has that name, {@code
   *     invalid_value} if {@code namespace} does not exist
   */
  AliasBody put(NamespaceName alias, NamespaceName namespace) {
    AliasBody answer = null;
    try {
      for (var worker : lastOneFirst()) {
        answer = worker.api().putAlias(alias.value(), new AliasRequest(namespace.value()));
      }
    } catch (MosaicException e) {
      if (e.code() == ErrorCode.NAMESPACE_NOT_FOUND) {
        throw MosaicException.invalidValue("/namespace", "must exist: " + e.detail());
      }
      throw e;
    } finally {
      forget();
    }
    if (answer == null) {
      throw new MosaicException(ErrorCode.WORKER_UNAVAILABLE, "no shard worker is known");
    }
    return answer;
  }

  /**
   * @throws MosaicException {@code alias_not_found}
   */
  void delete(NamespaceName alias) {
    MosaicException absent = null;
    try {
      for (var worker : lastOneFirst()) {
        try {
          worker.api().deleteAlias(alias.value());
          absent = null;
        } catch (MosaicException e) {
          if (e.code() != ErrorCode.ALIAS_NOT_FOUND) {
            throw e;
          }
          absent = e;
        }
      }
    } finally {
      forget();
    }
    if (absent != null) {
      throw absent;
    }
  }

  private List<Worker> lastOneFirst() {
    var workers = topology.workers();
    Collections.reverse(workers);
    return workers;
  }

  private void forget() {
    changes.incrementAndGet();
    known = null;
  }

  private Map<String, String> targets() {
    var kept = known;
    if (kept != null && System.nanoTime() - kept.at() < LIFETIME.toNanos()) {
      return kept.targets();
    }
    long before = changes.get();
    Map<String, String> targets;
    try {
      targets = read();
    } catch (MosaicException e) {
      // Whoever needs the workers will hear from them; what an alias named is not forgotten.
      return kept == null ? Map.of() : kept.targets();
    }
    // What was read while an alias changed may be from before.
    if (changes.get() == before) {
      known = new Known(targets, System.nanoTime());
    }
    return targets;
  }

  private Map<String, String> read() {
    var targets = new TreeMap<String, String>();
    for (var alias : list().aliases()) {
      targets.put(alias.alias(), alias.namespace());
    }
    return targets;
  }
}
