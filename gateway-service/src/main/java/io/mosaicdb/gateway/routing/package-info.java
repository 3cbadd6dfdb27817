/**
 * Which service answers which address, and how a request gets there: round robin over the service's
 * instances, past those that cannot be reached, streamed in both directions.
 */
@NullMarked
package io.mosaicdb.gateway.routing;

import org.jspecify.annotations.NullMarked;
