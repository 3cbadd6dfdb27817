package io.mosaicdb.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HashSlotsTest {
  @Test
  void everySlotBelongsToExactlyOnePartition() {
    var seen = new int[7];
    for (int i = 0; i < 100_000; i++) {
      seen[HashSlots.partitionOf(new DocumentId("doc-" + i), 7)]++;
    }

    for (int count : seen) {
      assertThat(count).isBetween(13_000, 15_700);
    }
  }

  @Test
  void slotDependsOnNothingButTheId() {
    assertThat(HashSlots.slotOf(new DocumentId("a1")))
        .isEqualTo(HashSlots.slotOf(new DocumentId("a1")))
        .isBetween(0, 1023);
  }
}
