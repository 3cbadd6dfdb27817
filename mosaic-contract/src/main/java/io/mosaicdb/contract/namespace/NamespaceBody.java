package io.mosaicdb.contract.namespace;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code GET /v1/namespaces/{ns}}.
 *
 * @param generation the active generation's number, by partition
 * @param unsealed documents that are in the live segments only
 */
public record NamespaceBody(
    String namespace,
    NamespaceRequest.SchemaBody schema,
    NamespaceRequest.SettingsBody settings,
    long documents,
    long passages,
    long unsealed,
    int shards,
    Map<String, Long> generation,
    @Nullable EmbedderBody embedder,
    long bytesOnDisk) {}
