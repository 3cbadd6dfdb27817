/** Answers searches and fetches from leased snapshots of partitions. */
@NullMarked
package io.mosaicdb.worker.search;

import org.jspecify.annotations.NullMarked;
