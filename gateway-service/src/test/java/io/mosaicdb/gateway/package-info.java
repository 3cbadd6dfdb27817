/** Tests of the gateway before services that record what reaches them. */
@NullMarked
package io.mosaicdb.gateway;

import org.jspecify.annotations.NullMarked;
