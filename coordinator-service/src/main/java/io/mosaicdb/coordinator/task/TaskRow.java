package io.mosaicdb.coordinator.task;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task as it is on disk.
 *
 * @param inputBytes the size of what it can be run again from, null where it cannot
 * @param result JSON
 * @param error JSON of a problem
 */
record TaskRow(
    String id,
    String kind,
    TaskState state,
    long done,
    long total,
    String unit,
    int starts,
    @Nullable Integer inputBytes,
    @Nullable String result,
    @Nullable String error,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt) {}
