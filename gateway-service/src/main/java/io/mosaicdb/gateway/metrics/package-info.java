/** {@code GET /metrics}: everything that the services of this process count and measure. */
@NullMarked
package io.mosaicdb.gateway.metrics;

import org.jspecify.annotations.NullMarked;
