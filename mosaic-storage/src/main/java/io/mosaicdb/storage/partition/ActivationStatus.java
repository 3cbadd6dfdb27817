package io.mosaicdb.storage.partition;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with new generations of a partition.
 *
 * @param refused how many were not activated since the partition was opened
 * @param lastRefusal why the newest of those was not, null if the last attempt succeeded
 * @param refusedAt when, null likewise
 * @param suspended why none is activated until an operator allows it again, null if they are
 */
public record ActivationStatus(
    long refused,
    @Nullable String lastRefusal,
    @Nullable Instant refusedAt,
    @Nullable String suspended) {}
