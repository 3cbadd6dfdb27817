/** Tests of the package of the same name. */
@NullMarked
package io.mosaicdb.worker.expiry;

import org.jspecify.annotations.NullMarked;
