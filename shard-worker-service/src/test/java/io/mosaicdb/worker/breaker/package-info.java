@NullMarked
package io.mosaicdb.worker.breaker;

import org.jspecify.annotations.NullMarked;
