package io.mosaicdb.storage.partition;

import org.jspecify.annotations.Nullable;

/**
 * A partition's compaction at one moment, since the partition was opened.
 *
 * @param state {@code idle}, {@code running}
 * @param done documents of the running compaction that are written
 * @param total documents it writes, 0 while idle
 * @param runs compactions that did something
 * @param merged shards that left by them
 * @param dropped superseded versions that left by them
 * @param last the last that did something, null if none did
 * @param failure why the last attempt failed, null if it did not
 */
public record CompactionStatus(
    String state,
    long done,
    long total,
    long runs,
    long merged,
    long dropped,
    long failures,
    @Nullable CompactionRun last,
    @Nullable String failure) {}
