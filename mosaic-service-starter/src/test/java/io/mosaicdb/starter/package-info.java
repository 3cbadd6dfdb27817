/** Tests of the starter as a service sees it: a small application over real HTTP. */
@NullMarked
package io.mosaicdb.starter;

import org.jspecify.annotations.NullMarked;
