package io.mosaicdb.coordinator.worker;

import java.util.List;

/** The partitions, ascending, of a namespace that one worker holds. */
public record Ownership(Worker worker, List<Integer> partitions) {
  public Ownership {
    partitions = List.copyOf(partitions);
  }
}
