package io.mosaicdb.contract.namespace;

import java.util.List;

/** The answer of {@code GET /v1/namespaces}, by name. */
public record NamespaceList(List<NamespaceBody> namespaces) {}
