package io.mosaicdb.contract.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question in SQL.
 *
 * @param sql one SELECT over documents, passages and links
 * @param params null, booleans, numbers and strings for {@code ?} in order
 * @param timeoutMs how long it may take
 * @param maxRows rows of the answer; further ones are left out, and the answer says so
 * @param allowPartial whether to answer without the shards that cannot be read
 */
public record SqlRequest(
    @Nullable String sql,
    @Nullable List<@Nullable Object> params,
    @Nullable Integer timeoutMs,
    @Nullable Integer maxRows,
    @Nullable Boolean allowPartial) {}
