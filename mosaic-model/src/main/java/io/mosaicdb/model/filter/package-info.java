/**
 * Conditions on attributes.
 *
 * <p>Truth of a condition on a document that lacks the attribute: {@code eq}, {@code gt}, {@code
 * gte}, {@code lt}, {@code lte}, {@code in}, {@code contains}, {@code contains_any}, {@code prefix}
 * and {@code geo_radius} are false, {@code ne} and {@code not_in} are true (they are exactly the
 * negations of {@code eq} and {@code in}), {@code exists} says what it asks. {@code not} negates.
 * On an array attribute a condition holds when it holds for any element, so {@code ne} holds when
 * no element is equal.
 */
@NullMarked
package io.mosaicdb.model.filter;

import org.jspecify.annotations.NullMarked;
