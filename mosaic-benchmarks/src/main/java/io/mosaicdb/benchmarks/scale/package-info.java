/**
 * One data set as large as one machine is meant for: how long it takes to load, what it weighs, and
 * how it is searched.
 */
@NullMarked
package io.mosaicdb.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
