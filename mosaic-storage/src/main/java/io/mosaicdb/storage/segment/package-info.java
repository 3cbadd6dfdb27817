/**
 * What a search reads: segments, each a set of documents with ordinals from 0, with one interface
 * for those in memory and those in a file.
 */
@NullMarked
package io.mosaicdb.storage.segment;

import org.jspecify.annotations.NullMarked;
