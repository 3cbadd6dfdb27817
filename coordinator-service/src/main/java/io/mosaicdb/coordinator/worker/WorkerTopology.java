package io.mosaicdb.coordinator.worker;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/**
 * Says which worker holds which partition: partition p belongs to the worker at p modulo their
 * number, workers sorted by id. Every worker knows every namespace and holds some partitions of it.
 * The rule has no memory: it is right while the set of workers stays as it was when the partitions
 * were first written, and does not move data when it changes.
 */
public final class WorkerTopology {
  private final Supplier<List<Worker>> known;

  public WorkerTopology(Supplier<List<Worker>> known) {
    this.known = known;
  }

  /**
   * All workers, sorted by id.
   *
   * @throws MosaicException {@code worker_unavailable} if none is known
   */
  public List<Worker> workers() {
    var workers = new ArrayList<>(known.get());
    if (workers.isEmpty()) {
      throw new MosaicException(
          ErrorCode.WORKER_UNAVAILABLE,
          "no shard worker is known",
          List.of(),
          Duration.ofSeconds(5),
          null);
    }
    workers.sort(Comparator.comparing(Worker::id));
    return workers;
  }

  /** The workers that hold any of {@code partitions} partitions, each with those it holds. */
  public List<Ownership> ownersOf(int partitions) {
    var workers = workers();
    var owners = new ArrayList<Ownership>();
    for (int w = 0; w < workers.size() && w < partitions; w++) {
      var owned = new ArrayList<Integer>();
      for (int p = w; p < partitions; p += workers.size()) {
        owned.add(p);
      }
      owners.add(new Ownership(workers.get(w), owned));
    }
    return owners;
  }

  public Worker ownerOf(int partition) {
    var workers = workers();
    return workers.get(partition % workers.size());
  }
}
