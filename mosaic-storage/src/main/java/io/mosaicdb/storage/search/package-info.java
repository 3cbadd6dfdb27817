/**
 * Search over one or more partitions' snapshots: term statistics first, over every segment, so that
 * scores agree wherever a document is; then one task a segment (filter, words, vectors) on a
 * bounded pool with a deadline; then the merge. What does not answer in time or cannot be read is
 * named, never silently absent. A segment that holds its thread up costs itself: others are sent
 * for what waits behind it ({@code SegmentRelay}), and who searches may leave segments alone that
 * failed before ({@code SegmentGuard}).
 */
@NullMarked
package io.mosaicdb.storage.search;

import org.jspecify.annotations.NullMarked;
