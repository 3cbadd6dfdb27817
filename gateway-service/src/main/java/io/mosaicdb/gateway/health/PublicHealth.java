package io.mosaicdb.gateway.health;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.mosaicdb.contract.health.HealthStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code GET /health}.
 *
 * @param status down when the product cannot answer, degraded when something is missing
 * @param components each part's status, and a detail where it is not ok
 * @param log the commit log's files, bytes and commits that are not sealed; null when unknown
 * @param cache the result cache's hit ratio; null when unknown
 * @param segments how many segments are searched, live ones included; null when unknown
 */
record PublicHealth(
    HealthStatus status,
    Map<String, Map<String, Object>> components,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, Object> log,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, Object> cache,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Object segments) {}
