/**
 * The namespaces that this worker holds: their definition on disk, their partitions, and what can
 * be done with them.
 */
@NullMarked
package io.mosaicdb.worker.namespace;

import org.jspecify.annotations.NullMarked;
