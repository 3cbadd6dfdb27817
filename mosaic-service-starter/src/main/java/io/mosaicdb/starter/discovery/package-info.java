/** Where the other services are. Today a list in the configuration; the interface allows others. */
@NullMarked
package io.mosaicdb.starter.discovery;

import org.jspecify.annotations.NullMarked;
