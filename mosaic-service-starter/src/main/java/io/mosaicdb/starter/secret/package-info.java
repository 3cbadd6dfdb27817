/** The shared secret that services show each other, so that internal addresses are theirs alone. */
@NullMarked
package io.mosaicdb.starter.secret;

import org.jspecify.annotations.NullMarked;
