/**
 * Searches: check, embed, scatter, fuse, fetch. What is missing from an answer is said in its
 * coverage.
 */
@NullMarked
package io.mosaicdb.coordinator.search;

import org.jspecify.annotations.NullMarked;
