/**
 * A service's report about its own parts, for the gateway's public health answer. A service
 * contributes by declaring {@link io.mosaicdb.starter.health.HealthSource} beans.
 */
@NullMarked
package io.mosaicdb.starter.health;

import org.jspecify.annotations.NullMarked;
