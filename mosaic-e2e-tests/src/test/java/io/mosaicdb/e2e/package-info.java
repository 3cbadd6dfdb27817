/**
 * The product from outside: a standalone in a process of its own, spoken to over HTTP, killed and
 * started again on its data. Nothing here calls a class of the product.
 */
@NullMarked
package io.mosaicdb.e2e;

import org.jspecify.annotations.NullMarked;
