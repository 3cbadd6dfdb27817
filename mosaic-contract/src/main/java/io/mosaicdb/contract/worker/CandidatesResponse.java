package io.mosaicdb.contract.worker;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One entry a wanted hit, in order. */
public record CandidatesResponse(List<CandidateBody> candidates) {
  /**
   * @param moment in milliseconds since 1970; null where it was not asked for or is missing
   * @param vector of the wanted passage, or the document's first, as {@link
   *     io.mosaicdb.model.document.Vectors little-endian floats}; null where it was not asked for
   *     or the document has none
   */
  public record CandidateBody(@Nullable Long moment, byte @Nullable [] vector) {}
}
