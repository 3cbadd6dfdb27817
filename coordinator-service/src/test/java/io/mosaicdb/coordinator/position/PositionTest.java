package io.mosaicdb.coordinator.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.model.NamespaceName;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PositionTest {
  private static final NamespaceName DOCS = new NamespaceName("docs");

  @Test
  void readsBackItsToken() {
    var position = Position.of(DOCS, Map.of(0, 17L, 3, 4L));

    assertThat(Position.parse(position.token(), DOCS, 4, "/min_commit")).isEqualTo(position);
  }

  @Test
  void takesABareNumberWhereThereIsOnePartition() {
    assertThat(Position.parse(17, DOCS, 1, "/min_commit").commits()).containsEntry(0, 17L);
    assertThat(Position.parse("17", DOCS, 1, "/min_commit").commits()).containsEntry(0, 17L);
    assertThatThrownBy(() -> Position.parse(17, DOCS, 2, "/min_commit"))
        .isInstanceOf(MosaicException.class)
        .hasMessageContaining("2 partitions");
  }

  @Test
  void refusesATokenOfAnotherNamespaceOrNone() {
    var foreign = Position.of(new NamespaceName("other"), Map.of(0, 1L)).token();

    assertThatThrownBy(() -> Position.parse(foreign, DOCS, 1, "/min_commit"))
        .hasMessageContaining("another namespace");
    for (var broken : new String[] {"", "!", "MSBkb2NzIDk6MQ", "bm9uc2Vuc2U"}) {
      assertThatThrownBy(() -> Position.parse(broken, DOCS, 1, "/min_commit"))
          .isInstanceOf(MosaicException.class);
    }
  }
}
