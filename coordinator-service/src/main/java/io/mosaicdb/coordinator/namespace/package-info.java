/**
 * Namespaces: definitions checked and completed, kept for a moment, created when first written to.
 */
@NullMarked
package io.mosaicdb.coordinator.namespace;

import org.jspecify.annotations.NullMarked;
