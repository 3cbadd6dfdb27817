/** The short interface under /api, over the namespace named default. */
@NullMarked
package io.mosaicdb.coordinator.alias;

import org.jspecify.annotations.NullMarked;
