package io.mosaicdb.contract.namespace;

/** The model that made a namespace's vectors. */
public record EmbedderBody(String id, String revision, int dimensions) {}
