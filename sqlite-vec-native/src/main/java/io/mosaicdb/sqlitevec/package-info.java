/**
 * Finds sqlite-vec's loadable library for this machine and hands out a path that SQLite can load.
 */
@NullMarked
package io.mosaicdb.sqlitevec;

import org.jspecify.annotations.NullMarked;
