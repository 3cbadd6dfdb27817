/**
 * The optional second phase of ranking: a model that reads question and passage together. It is a
 * server of the operator's; without one nothing here is called.
 */
@NullMarked
package io.mosaicdb.coordinator.rerank;

import org.jspecify.annotations.NullMarked;
