/**
 * Keeps one broken or slow callee from taking the coordinator down: a circuit breaker and a bounded
 * number of permits a callee.
 */
@NullMarked
package io.mosaicdb.coordinator.guard;

import org.jspecify.annotations.NullMarked;
