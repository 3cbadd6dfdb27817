/**
 * The only public service: it passes requests to the services that answer them, checks keys and
 * sizes on the way, serves the search page and adds up the health of the whole.
 */
@NullMarked
package io.mosaicdb.gateway;

import org.jspecify.annotations.NullMarked;
