/** When the worker merges shards: by itself, one partition after the other, and on request. */
@NullMarked
package io.mosaicdb.worker.compaction;

import org.jspecify.annotations.NullMarked;
