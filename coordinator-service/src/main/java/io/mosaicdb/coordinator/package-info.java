/**
 * The stateless coordinator: it checks what users send, embeds, routes to the workers that hold the
 * data, and merges what they answer. Nothing here outlives a request but caches.
 */
@NullMarked
package io.mosaicdb.coordinator;

import org.jspecify.annotations.NullMarked;
