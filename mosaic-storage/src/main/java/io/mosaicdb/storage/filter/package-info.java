/**
 * Attribute values as columns in memory, and filters evaluated over them to a bitmap of document
 * ordinals.
 *
 * <p>A column is a list of (ordinal, value) entries in ascending ordinal order; an array attribute
 * has several entries for one ordinal, a missing value has none. One writer appends while readers
 * scan: an entry is written before the count that covers it, and a reader passes the number of
 * documents it may see. A sealed shard's columns are the same classes, filled once at first use.
 */
@NullMarked
package io.mosaicdb.storage.filter;

import org.jspecify.annotations.NullMarked;
