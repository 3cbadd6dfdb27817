package io.mosaicdb.contract.search;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One facet, checked, with its defaults filled in.
 *
 * @param name the key of its part of the answer
 * @param type {@code values}, {@code histogram}, {@code ranges}, {@code date_histogram} or {@code
 *     stats}
 * @param limit values at most
 * @param interval width of a bucket: a number, or a calendar unit or duration for dates
 * @param offset where buckets start
 */
public record FacetBody(
    String name,
    String field,
    String type,
    @Nullable Integer limit,
    @Nullable Object interval,
    @Nullable Object offset,
    @Nullable List<RangeBody> ranges) {
  /** From {@code from} inclusive to {@code to} exclusive; null: open. */
  public record RangeBody(@Nullable Object from, @Nullable Object to) {}
}
