package io.mosaicdb.storage.text;

import io.mosaicdb.storage.bits.OrdinalSet;
import org.jspecify.annotations.Nullable;

/** What a text demands by signs: what every hit has, and what none has; null for nothing. */
public record WordDemands(@Nullable TextQuery must, @Nullable TextQuery mustNot) {
  public boolean needExpansions() {
    return (must != null && TermExpansions.areNeededBy(must))
        || (mustNot != null && TermExpansions.areNeededBy(mustNot));
  }

  public TermExpansions expansions(TextSegment segment) {
    var expansions = must == null ? TermExpansions.NONE : segment.expansions(must);
    return mustNot == null ? expansions : expansions.merge(segment.expansions(mustNot));
  }

  public WordDemands with(TermExpansions expansions) {
    return new WordDemands(
        must == null ? null : expansions.applyTo(must),
        mustNot == null ? null : expansions.applyTo(mustNot));
  }

  /** Those of the segment's documents that meet the demands. */
  public OrdinalSet matching(TextSegment segment) {
    var set = must == null ? OrdinalSet.all(segment.documentCount()) : segment.matching(must);
    return mustNot == null ? set : set.andNot(segment.matching(mustNot));
  }
}
