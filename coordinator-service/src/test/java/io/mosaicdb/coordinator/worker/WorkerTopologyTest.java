package io.mosaicdb.coordinator.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.stubs.FakeWorker;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerTopologyTest {
  private final Worker one = new Worker("a", new FakeWorker());
  private final Worker other = new Worker("b", new FakeWorker());

  @Test
  void dealsPartitionsOutInTheOrderOfIdsWhateverTheOrderOfDiscovery() {
    var topology = new WorkerTopology(() -> List.of(other, one));

    assertThat(topology.ownersOf(5))
        .containsExactly(new Ownership(one, List.of(0, 2, 4)), new Ownership(other, List.of(1, 3)));
    assertThat(topology.ownerOf(3)).isEqualTo(other);
  }

  @Test
  void givesEverythingToAWorkerThatIsAlone() {
    var topology = new WorkerTopology(() -> List.of(one));

    assertThat(topology.ownersOf(3)).containsExactly(new Ownership(one, List.of(0, 1, 2)));
  }

  @Test
  void leavesWorkersWithoutAPartitionOut() {
    var topology = new WorkerTopology(() -> List.of(one, other));

    assertThat(topology.ownersOf(1)).containsExactly(new Ownership(one, List.of(0)));
  }

  @Test
  void saysThatNoWorkerIsKnown() {
    var topology = new WorkerTopology(List::of);

    assertThatThrownBy(topology::workers)
        .isInstanceOfSatisfying(
            MosaicException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.WORKER_UNAVAILABLE));
  }
}
