@NullMarked
package io.mosaicdb.worker.metrics;

import org.jspecify.annotations.NullMarked;
