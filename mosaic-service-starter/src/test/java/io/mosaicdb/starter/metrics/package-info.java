@NullMarked
package io.mosaicdb.starter.metrics;

import org.jspecify.annotations.NullMarked;
