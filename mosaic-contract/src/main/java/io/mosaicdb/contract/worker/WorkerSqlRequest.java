package io.mosaicdb.contract.worker;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement over partitions of one worker.
 *
 * @param partitions null: all that the worker holds
 * @param timeoutMs how long it may take
 * @param extracts what other workers made of the same statement: SQLite files, each in pieces
 */
public record WorkerSqlRequest(
    @Nullable List<Integer> partitions,
    String sql,
    List<@Nullable Object> params,
    int timeoutMs,
    int maxRows,
    boolean allowPartial,
    @Nullable List<List<byte[]>> extracts) {}
