/**
 * The whole product under measurement: {@link io.mosaicdb.benchmarks.product.Product} runs the
 * standalone in a process of its own, {@link io.mosaicdb.benchmarks.product.ProductClient} speaks
 * to it as any client does.
 */
@NullMarked
package io.mosaicdb.benchmarks.product;

import org.jspecify.annotations.NullMarked;
