package io.mosaicdb.storage.search;

import io.mosaicdb.storage.facet.FacetCounts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found, and in what.
 *
 * @param text the word leg's best, in result order
 * @param vector the vector leg's best documents, each by its best passage
 * @param total documents that match the words, or meet the filter where there is no word leg
 * @param sorted the matching documents in the order that was asked for; empty without one
 * @param facets in the order of the command's
 * @param segments one entry a segment, those that could not be read included
 */
public record SearchOutcome(
    List<LegHit> text,
    List<LegHit> vector,
    List<SortedHit> sorted,
    List<FacetCounts> facets,
    long total,
    boolean totalIsExact,
    List<SegmentReport> segments,
    Timings timings) {
  public SearchOutcome {
    text = List.copyOf(text);
    vector = List.copyOf(vector);
    sorted = List.copyOf(sorted);
    facets = List.copyOf(facets);
    segments = List.copyOf(segments);
  }

  /**
   * @param segment index of the segment in its partition's snapshot
   * @param passage the best passage's number within its document, -1 in the word leg
   * @param group the group's value, null where the document lacks it or none is asked for
   */
  public record LegHit(
      String id,
      double score,
      int partition,
      int segment,
      int document,
      int passage,
      @Nullable Object group) {
    LegHit in(@Nullable Object value) {
      return new LegHit(id, score, partition, segment, document, passage, value);
    }
  }

  /**
   * @param keys what it is sorted by: a String, Long or Double for each key, null where missing
   */
  public record SortedHit(
      String id,
      List<@Nullable Object> keys,
      int partition,
      int segment,
      int document,
      @Nullable Object group) {
    SortedHit in(@Nullable Object value) {
      return new SortedHit(id, keys, partition, segment, document, value);
    }
  }

  public enum State {
    SEARCHED,
    /** Left out, as {@link Routing} says. */
    PRUNED,
    /** Left alone, as {@link SegmentGuard} says. */
    SKIPPED,
    TIMED_OUT,
    FAILED
  }

  /**
   * @param name the shard's id, or {@code live}
   * @param matching documents that were accepted by filter and liveness, -1 where not searched
   * @param plan null where not searched
   * @param estimated documents that were expected to pass the filter, deleted ones included
   * @param passed documents that did, deleted ones included
   */
  public record SegmentReport(
      int partition,
      String name,
      State state,
      long documents,
      long matching,
      @Nullable Plan plan,
      double estimated,
      long passed,
      String reason) {
    static SegmentReport unread(
        int partition, String name, State state, long documents, String reason) {
      return new SegmentReport(partition, name, state, documents, -1, null, 0, 0, reason);
    }
  }

  /** Summed over segments, in milliseconds. */
  public record Timings(double filterMs, double textMs, double vectorMs) {}
}
