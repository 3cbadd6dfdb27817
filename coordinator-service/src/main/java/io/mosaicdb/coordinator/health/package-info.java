/**
 * What the coordinator knows about itself, its workers and the embedder, asked in the background.
 */
@NullMarked
package io.mosaicdb.coordinator.health;

import org.jspecify.annotations.NullMarked;
