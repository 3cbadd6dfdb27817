package io.mosaicdb.contract.namespace;

/** {@code created} is false where the namespace was there with the same schema and settings. */
public record NamespaceCreated(String namespace, boolean created) {}
