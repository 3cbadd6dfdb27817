package io.mosaicdb.storage.log;

import java.nio.file.Path;
import java.util.List;

/**
 * What opening a log found.
 *
 * @param replayed entries given to the applier
 * @param damage entries that were lost: skipped, reported, never applied
 * @param quarantined files set aside because they were damaged
 * @param epochRaised whether acknowledged commits at the end may have been lost, so that a new
 *     epoch began
 */
public record LogRecovery(
    long replayed, List<LogDamage> damage, List<Path> quarantined, boolean epochRaised) {
  public LogRecovery {
    damage = List.copyOf(damage);
    quarantined = List.copyOf(quarantined);
  }

  /** Whether nothing was lost. */
  public boolean clean() {
    return damage.isEmpty() && quarantined.isEmpty();
  }
}
