/** Views of what the workers keep on disk: shards, generations, manifests; and sealing. */
@NullMarked
package io.mosaicdb.coordinator.shards;

import org.jspecify.annotations.NullMarked;
