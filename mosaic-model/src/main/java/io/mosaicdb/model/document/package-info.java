/**
 * Documents, and the ordered batches of writes that change them.
 *
 * <p>A {@link io.mosaicdb.model.document.CommitBatch} is both what a coordinator sends to a
 * partition's writer and what the commit log keeps, byte for byte: encoded as CBOR (RFC 8949) with
 * the component names of these records as keys. Attribute values are JSON's own shapes ({@code
 * String}, {@code Long}, {@code Double}, {@code Boolean}, and for {@code geo} a map of {@code lat}
 * and {@code lon}; arrays as lists), already checked against the schema.
 */
@NullMarked
package io.mosaicdb.model.document;

import org.jspecify.annotations.NullMarked;
