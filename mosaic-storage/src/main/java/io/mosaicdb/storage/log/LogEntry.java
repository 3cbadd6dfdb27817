package io.mosaicdb.storage.log;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One commit as it stands in the log.
 *
 * @param seq its {@code commit_seq}
 * @param epoch the epoch it was written in
 * @param committedAt the writer's clock, to the millisecond
 * @param operationId the client's idempotency key, if it gave one
 * @param commitId base32 of the payload's SHA-256
 * @param payload the bytes as they were appended; not to be changed
 */
@SuppressWarnings(
    "ArrayRecordComponent") // Never compared; a copy of every payload would cost more.
public record LogEntry(
    long seq,
    long epoch,
    Instant committedAt,
    @Nullable String operationId,
    String commitId,
    byte[] payload) {}
