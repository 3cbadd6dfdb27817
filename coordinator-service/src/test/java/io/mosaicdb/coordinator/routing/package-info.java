@NullMarked
package io.mosaicdb.coordinator.routing;

import org.jspecify.annotations.NullMarked;
