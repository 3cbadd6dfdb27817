/**
 * What a service counts and measures, labelled with the service's name, so that the metrics of
 * several services of one process can stand side by side.
 */
@NullMarked
package io.mosaicdb.starter.metrics;

import org.jspecify.annotations.NullMarked;
