/**
 * How a service reports the state of its parts to the services in front of it; the gateway adds the
 * reports up to the public {@code GET /health}.
 */
@NullMarked
package io.mosaicdb.contract.health;

import org.jspecify.annotations.NullMarked;
