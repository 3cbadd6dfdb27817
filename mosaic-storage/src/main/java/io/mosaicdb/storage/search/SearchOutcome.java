package io.mosaicdb.storage.search;

import java.util.List;

/**
 * What was found, and in what.
 *
 * @param text the word leg's best, in result order
 * @param vector the vector leg's best documents, each by its best passage
 * @param total documents that match the words, or meet the filter where there is no word leg
 * @param segments one entry a segment, those that could not be read included
 */
public record SearchOutcome(
    List<LegHit> text,
    List<LegHit> vector,
    long total,
    boolean totalIsExact,
    List<SegmentReport> segments,
    Timings timings) {
  public SearchOutcome {
    text = List.copyOf(text);
    vector = List.copyOf(vector);
    segments = List.copyOf(segments);
  }

  /**
   * @param segment index of the segment in its partition's snapshot
   * @param passage the best passage's number within its document, -1 in the word leg
   */
  public record LegHit(
      String id, double score, int partition, int segment, int document, int passage) {}

  public enum State {
    SEARCHED,
    TIMED_OUT,
    FAILED
  }

  /**
   * @param name the shard's id, or {@code live}
   * @param matching documents that were accepted by filter and liveness, -1 where not searched
   */
  public record SegmentReport(
      int partition, String name, State state, long documents, long matching, String reason) {}

  /** Summed over segments, in milliseconds. */
  public record Timings(double filterMs, double textMs, double vectorMs) {}
}
