package io.mosaicdb.coordinator.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.coordinator.worker.Worker;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.stubs.FakeWorker;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AliasTableTest {
  private static final NamespaceName DOOR = new NamespaceName("door");
  private static final NamespaceName BLUE = new NamespaceName("blue");
  private static final NamespaceName GREEN = new NamespaceName("green");
  private final FakeWorker first = new FakeWorker();
  private final FakeWorker second = new FakeWorker();
  private final AliasTable aliases =
      new AliasTable(
          new WorkerTopology(() -> List.of(new Worker("a", first), new Worker("b", second))));

  @BeforeEach
  void create() {
    for (var worker : List.of(first, second)) {
      for (var name : List.of(BLUE, GREEN)) {
        var _ = worker.create(name.value(), new NamespaceRequest(null, null));
      }
    }
  }

  @Test
  void aChangeIsSeenAtOnceByWhoMadeIt() {
    assertThat(aliases.resolve(DOOR)).isEqualTo(DOOR);

    var created = aliases.put(DOOR, BLUE);
    assertThat(created.previous()).isNull();
    assertThat(aliases.resolve(DOOR)).isEqualTo(BLUE);

    assertThat(aliases.put(DOOR, GREEN).previous()).isEqualTo("blue");
    assertThat(aliases.resolve(DOOR)).isEqualTo(GREEN);

    aliases.delete(DOOR);
    assertThat(aliases.resolve(DOOR)).isEqualTo(DOOR);
  }

  @Test
  void theFirstWorkerIsChangedLastSoThatAFailureChangesNothing() {
    var _ = aliases.put(DOOR, BLUE);
    second.nextFailure = new MosaicException(ErrorCode.WORKER_UNAVAILABLE, "it is away");

    assertThatThrownBy(() -> aliases.put(DOOR, GREEN)).hasMessageContaining("it is away");

    assertThat(aliases.resolve(DOOR)).isEqualTo(BLUE);
    assertThat(aliases.load(DOOR).namespace()).isEqualTo("blue");
  }

  @Test
  void aNamespaceThatIsNotThereIsTheRequestsFault() {
    assertThatThrownBy(() -> aliases.put(DOOR, new NamespaceName("red")))
        .isInstanceOfSatisfying(
            MosaicException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INVALID_VALUE);
              assertThat(e.errors().getFirst().pointer()).isEqualTo("/namespace");
            });
    assertThatThrownBy(() -> aliases.delete(DOOR))
        .isInstanceOfSatisfying(
            MosaicException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ALIAS_NOT_FOUND));
  }

  @Test
  void namesAreNotForgottenWhileTheWorkersAreAway() {
    var _ = aliases.put(DOOR, BLUE);
    assertThat(aliases.resolve(DOOR)).isEqualTo(BLUE);
    first.failure = new MosaicException(ErrorCode.WORKER_UNAVAILABLE, "it is away");

    assertThat(aliases.resolve(DOOR)).isEqualTo(BLUE);
    assertThatThrownBy(aliases::list).hasMessageContaining("it is away");
  }
}
