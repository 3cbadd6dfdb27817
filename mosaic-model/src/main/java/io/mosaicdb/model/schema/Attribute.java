package io.mosaicdb.model.schema;

/**
 * A typed value beside the text. One that is not filterable is stored and returned, and takes no
 * memory for filters.
 */
public record Attribute(AttributeType type, boolean filterable) {}
