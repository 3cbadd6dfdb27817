/**
 * The words that every part of MosaicDB shares, as values that check themselves: ids, schema,
 * documents, filters, hits and their total order, and the pure algorithms over them. Nothing here
 * does I/O or knows a framework.
 */
@NullMarked
package io.mosaicdb.model;

import org.jspecify.annotations.NullMarked;
