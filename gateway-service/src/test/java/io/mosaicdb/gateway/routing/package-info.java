@NullMarked
package io.mosaicdb.gateway.routing;

import org.jspecify.annotations.NullMarked;
