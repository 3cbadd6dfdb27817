package io.mosaicdb.contract.sql;

import io.mosaicdb.contract.search.SearchResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a statement, and exactly what it was found in.
 *
 * @param rows null, numbers, strings; BLOBs in base64
 * @param truncated whether there were more rows than {@code max_rows} or the answer's size let
 *     through
 */
public record SqlResponse(
    List<String> columns,
    List<List<@Nullable Object>> rows,
    boolean truncated,
    SearchResponse.SnapshotBody snapshot,
    SearchResponse.CoverageBody coverage,
    double tookMs,
    String requestId) {}
