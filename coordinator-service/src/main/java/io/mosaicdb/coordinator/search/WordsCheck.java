package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.model.schema.Schema;
import org.jspecify.annotations.Nullable;

/** Checks how {@code q} is to be read. */
final class WordsCheck {
  private WordsCheck() {}

  static SearchRequest.@Nullable WordsBody check(SearchRequest request, Schema schema) {
    Unavailable.refuse("/words", request.words() != null && !schema.fields().isEmpty());
    return null;
  }
}
