/**
 * All services of MosaicDB in one process, each as itself: its own context, configuration file and
 * HTTP interface on a port of its own, one after another, later ones told where the earlier ones
 * are. They are siblings; a common parent would share beans that are not meant to be shared.
 */
@NullMarked
package io.mosaicdb.standalone;

import org.jspecify.annotations.NullMarked;
