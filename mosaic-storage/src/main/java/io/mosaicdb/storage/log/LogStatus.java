package io.mosaicdb.storage.log;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A log at one moment.
 *
 * @param epoch the epoch new commits get
 * @param firstSeq the oldest commit in the log; {@code lastSeq + 1} where it is empty
 * @param lastSeq the newest durable commit
 * @param appliedSeq the newest applied commit
 * @param files number of log files
 * @param bytes their size on disk
 * @param queued appends waiting to be written
 * @param damage entries that could not be read since the log was opened
 * @param quarantined names of files set aside since the log was opened
 * @param failure why the log refuses appends, or null if it accepts them
 */
public record LogStatus(
    long epoch,
    long firstSeq,
    long lastSeq,
    long appliedSeq,
    int files,
    long bytes,
    int queued,
    List<LogDamage> damage,
    List<String> quarantined,
    @Nullable String failure) {
  public LogStatus {
    damage = List.copyOf(damage);
    quarantined = List.copyOf(quarantined);
  }
}
