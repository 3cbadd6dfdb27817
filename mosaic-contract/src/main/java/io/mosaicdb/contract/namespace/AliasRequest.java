package io.mosaicdb.contract.namespace;

import org.jspecify.annotations.Nullable;

/** The body of {@code PUT /v1/aliases/{alias}}. */
public record AliasRequest(@Nullable String namespace) {}
