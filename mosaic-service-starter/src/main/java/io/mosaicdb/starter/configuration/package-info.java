/**
 * A start that takes configuration seriously: defaults that all services share, and an unknown
 * {@code mosaic.*} key as a reason not to start, with the nearest key that exists.
 */
@NullMarked
package io.mosaicdb.starter.configuration;

import org.jspecify.annotations.NullMarked;
