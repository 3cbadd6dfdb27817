package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.document.StoredDocument;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.contract.search.SearchResponse;
import io.mosaicdb.coordinator.ingest.DocumentReader;
import io.mosaicdb.model.DocumentId;
import io.mosaicdb.model.NamespaceName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds documents whose meaning is near that of a stored one, or of a text. */
final class SimilarDocuments {
  private static final int STANDARD_LIMIT = 10;
  private final Searcher searcher;
  private final DocumentReader reader;

  /** Exactly one of {@code id} and {@code text}. */
  record SimilarRequest(
      @Nullable String id,
      @Nullable String text,
      @Nullable Integer limit,
      @Nullable Map<String, @Nullable Object> filter,
      @Nullable List<String> fields) {}

  SimilarDocuments(Searcher searcher, DocumentReader reader) {
    this.searcher = searcher;
    this.reader = reader;
  }

  /**
   * The documents nearest to the mean of the document's vectors, itself left out.
   *
   * @throws MosaicException {@code document_not_found}, {@code invalid_vector} for a document that
   *     has none
   */
  SearchResponse search(NamespaceName namespace, SimilarRequest request) {
    if ((request.id() == null) == (request.text() == null)) {
      throw MosaicException.invalidValue("/id", "or /text must be given, one of them");
    }
    if (request.id() == null) {
      return searcher.search(namespace, semantic(request.text(), null, request, request.limit()));
    }
    DocumentId id;
    try {
      id = new DocumentId(request.id());
    } catch (IllegalArgumentException e) {
      throw MosaicException.invalidValue("/id", String.valueOf(e.getMessage()));
    }
    var document = reader.load(namespace, id, true);
    int limit = request.limit() == null ? STANDARD_LIMIT : request.limit();
    // One more, since the document is nearest to itself.
    var found =
        searcher.search(
            namespace,
            semantic(null, mean(document), request, limit > 0 && limit < 1000 ? limit + 1 : limit));
    var others =
        found.hits().stream().filter(hit -> !hit.id().equals(id.value())).limit(limit).toList();
    return found.withHits(others);
  }

  private static float[] mean(StoredDocument document) {
    float[] mean = null;
    if (document.passages() != null) {
      for (var passage : document.passages()) {
        if (passage.vector() == null) {
          continue;
        }
        if (mean == null) {
          mean = passage.vector().clone();
        } else {
          for (int i = 0; i < mean.length; i++) {
            mean[i] += passage.vector()[i];
          }
        }
      }
    }
    if (mean == null) {
      throw MosaicException.at(
          ErrorCode.INVALID_VALUE, "/id", "'" + document.id() + "' has no vector to compare");
    }
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= document.passages() == null ? 1 : document.passages().size();
    }
    return mean;
  }

  private static SearchRequest semantic(
      @Nullable String text,
      float @Nullable [] vector,
      SimilarRequest request,
      @Nullable Integer limit) {
    var builder = vector == null ? SearchRequest.words(text) : SearchRequest.near(vector);
    return builder
        .mode("semantic")
        .filter(request.filter())
        .limit(limit)
        .fields(request.fields())
        .build();
  }
}
