package io.mosaicdb.coordinator.shards;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.worker.ShardWorkerApi;
import io.mosaicdb.contract.worker.ShardWorkerApi.ActivationBody;
import io.mosaicdb.contract.worker.ShardWorkerApi.CompactionBody;
import io.mosaicdb.contract.worker.ShardWorkerApi.GenerationBody;
import io.mosaicdb.contract.worker.ShardWorkerApi.GenerationList;
import io.mosaicdb.contract.worker.ShardWorkerApi.ShardBody;
import io.mosaicdb.contract.worker.ShardWorkerApi.ShardList;
import io.mosaicdb.coordinator.namespace.NamespaceCatalog;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.model.NamespaceName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Map;
import java.util.function.BiFunction;

/** What the workers keep of a namespace, over all of them. */
public final class StoredParts {
  private final NamespaceCatalog catalog;
  private final WorkerTopology topology;

  public StoredParts(NamespaceCatalog catalog, WorkerTopology topology) {
    this.catalog = catalog;
    this.topology = topology;
  }

  /** The shards of the active generations, by partition, then as the worker has them. */
  public ShardList shards(NamespaceName namespace) {
    var all = new ArrayList<ShardBody>();
    var compaction = new ArrayList<CompactionBody>();
    for (var owner : topology.ownersOf(catalog.load(namespace).partitions())) {
      var held = owner.worker().api().shards(namespace.value());
      all.addAll(held.shards());
      compaction.addAll(held.compaction());
    }
    all.sort(Comparator.comparingInt(ShardBody::partition));
    compaction.sort(Comparator.comparingInt(CompactionBody::partition));
    return new ShardList(all, compaction);
  }

  GenerationList generations(NamespaceName namespace) {
    return generations(namespace, ShardWorkerApi::generations);
  }

  /** Allows new generations again where too much was damaged. */
  GenerationList resumeActivation(NamespaceName namespace) {
    return generations(namespace, ShardWorkerApi::resumeActivation);
  }

  /**
   * @throws MosaicException {@code activation_suspended} if a partition takes no new generation
   */
  void requireActivation(NamespaceName namespace) {
    for (ActivationBody each : generations(namespace).activation()) {
      if (each.suspended() != null) {
        throw new MosaicException(
            ErrorCode.ACTIVATION_SUSPENDED,
            "%s with POST /v1/namespaces/%s/generations/resume"
                .formatted(each.suspended(), namespace));
      }
    }
  }

  private GenerationList generations(
      NamespaceName namespace, BiFunction<ShardWorkerApi, String, GenerationList> call) {
    var all = new ArrayList<GenerationBody>();
    var activation = new ArrayList<ActivationBody>();
    for (var owner : topology.ownersOf(catalog.load(namespace).partitions())) {
      var held = call.apply(owner.worker().api(), namespace.value());
      all.addAll(held.generations());
      activation.addAll(held.activation());
    }
    all.sort(
        Comparator.comparingInt(GenerationBody::partition)
            .thenComparingLong(GenerationBody::number));
    activation.sort(Comparator.comparingInt(ActivationBody::partition));
    return new GenerationList(all, activation);
  }

  Map<String, Object> manifest(NamespaceName namespace, int partition, long number) {
    return topology.ownerOf(partition).api().manifest(namespace.value(), partition, number);
  }

  /** One worker holds the shard; that none does is {@code not_found}. */
  ShardBody archive(NamespaceName namespace, String shard, boolean hidden) {
    for (var owner : topology.ownersOf(catalog.load(namespace).partitions())) {
      try {
        return owner.worker().api().archive(namespace.value(), shard, hidden);
      } catch (MosaicException e) {
        if (e.code() != ErrorCode.NOT_FOUND) {
          throw e;
        }
      }
    }
    throw new MosaicException(
        ErrorCode.NOT_FOUND, "namespace '" + namespace + "' has no shard '" + shard + "'");
  }

  void seal(NamespaceName namespace) {
    for (var owner : topology.ownersOf(catalog.load(namespace).partitions())) {
      owner.worker().api().seal(namespace.value());
    }
  }

  int partitions(NamespaceName namespace) {
    return catalog.load(namespace).partitions();
  }
}
