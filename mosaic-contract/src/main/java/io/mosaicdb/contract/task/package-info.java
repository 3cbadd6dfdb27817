/** Work that goes on after its request was answered. */
@NullMarked
package io.mosaicdb.contract.task;

import org.jspecify.annotations.NullMarked;
