package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.error.ErrorCategory;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.coordinator.embedding.Embedder;
import io.mosaicdb.model.document.Vectors;
import io.mosaicdb.model.words.WordSyntax;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Finds the vector that a search looks for: the client's, or that of the words. */
final class QueryVectors {
  private final Embedder embedder;

  QueryVectors(Embedder embedder) {
    this.embedder = embedder;
  }

  /**
   * The vector of a query.
   *
   * @param embedder the model that made it; null where the client gave it
   * @param missing why there is none although the search wants one
   */
  record QueryVector(
      byte @Nullable [] bytes, @Nullable String embedder, @Nullable MosaicException missing) {
    static final QueryVector UNWANTED = new QueryVector(null, null, null);

    static QueryVector missing(MosaicException reason) {
      return new QueryVector(null, null, reason);
    }
  }

  /**
   * @throws MosaicException if the search cannot do without the vector and there is none
   */
  QueryVector of(SearchQuery query, long deadline) {
    if (!query.wantsVector()) {
      return QueryVector.UNWANTED;
    }
    if (query.vector() != null) {
      return new QueryVector(Vectors.toBytes(query.vector()), query.vectorModel(), null);
    }
    var text = query.text();
    if (text == null) {
      throw new IllegalStateException("a vector leg without words or vector");
    }
    var left = Duration.ofNanos(deadline - System.nanoTime());
    // Words can still be searched in the other half when the embedder is slow.
    var patience = query.mode() == SearchMode.HYBRID ? left.dividedBy(2) : left;
    try {
      // Signs are for the word leg; what a hybrid search is about are the words.
      var meaning =
          query.mode() == SearchMode.HYBRID
              ? WordSyntax.plain(text, query.definition().schema().fields()::containsKey)
              : text;
      var embedded = embedder.query(meaning, query.definition().model(), patience);
      return new QueryVector(
          Vectors.toBytes(embedded.vector()), Embedder.nameOf(embedded.embedder()), null);
    } catch (MosaicException e) {
      if (query.mode() != SearchMode.HYBRID || e.code().category() == ErrorCategory.USER) {
        throw e;
      }
      return QueryVector.missing(e);
    }
  }
}
