/** What the worker counts and measures of its namespaces. */
@NullMarked
package io.mosaicdb.worker.metrics;

import org.jspecify.annotations.NullMarked;
