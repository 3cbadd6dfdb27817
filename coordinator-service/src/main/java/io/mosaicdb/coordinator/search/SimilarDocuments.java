package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.document.StoredDocument;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.contract.search.SearchResponse;
import io.mosaicdb.coordinator.ingest.DocumentReader;
import io.mosaicdb.coordinator.namespace.NamespaceCatalog;
import io.mosaicdb.model.DocumentId;
import io.mosaicdb.model.NamespaceName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds documents whose meaning is near that of a stored one, or of a text. */
final class SimilarDocuments {
  private final NamespaceCatalog catalog;
  private final Searcher searcher;
  private final DocumentReader reader;

  /** Exactly one of {@code id} and {@code text}; the rest is as in a search. */
  record SimilarRequest(
      @Nullable String id,
      @Nullable String text,
      @Nullable Integer limit,
      @Nullable Map<String, @Nullable Object> filter,
      @Nullable List<String> fields,
      @Nullable Boolean explain,
      @Nullable Boolean exact,
      @Nullable Double minScore,
      @Nullable Integer timeoutMs,
      @Nullable Object minCommit,
      @Nullable Object asOf) {}

  SimilarDocuments(Searcher searcher, DocumentReader reader, NamespaceCatalog catalog) {
    this.catalog = catalog;
    this.searcher = searcher;
    this.reader = reader;
  }

  /**
   * The documents nearest to the mean of the document's vectors, as if it were not there itself.
   *
   * @throws MosaicException {@code document_not_found}, {@code invalid_value} for a document that
   *     has no vector
   */
  SearchResponse search(NamespaceName namespace, SimilarRequest request) {
    if ((request.id() == null) == (request.text() == null)) {
      throw MosaicException.invalidValue("/id", "or /text must be given, one of them");
    }
    if (request.id() == null) {
      return byText(namespace, request);
    }
    DocumentId id;
    try {
      id = new DocumentId(request.id());
    } catch (IllegalArgumentException e) {
      throw MosaicException.invalidValue("/id", String.valueOf(e.getMessage()));
    }
    var asOf = request.asOf() == null ? null : String.valueOf(request.asOf());
    // Before the vectors are read: if another model's come to be in force meanwhile the workers
    // refuse, and never compare the two.
    for (boolean again = false; ; again = true) {
      var definition = catalog.load(namespace);
      var document = reader.load(namespace, id, true, asOf);
      try {
        return searcher.searchWithout(
            namespace,
            semantic(SearchRequest.near(mean(document)), request),
            id.value(),
            definition.vectorModel());
      } catch (MosaicException e) {
        if (again
            || e.code() != ErrorCode.EMBEDDER_UNAVAILABLE
            || !catalog.isOutdated(definition)) {
          throw e;
        }
      }
    }
  }

  private SearchResponse byText(NamespaceName namespace, SimilarRequest request) {
    try {
      return searcher.search(namespace, semantic(SearchRequest.words(request.text()), request));
    } catch (MosaicException e) {
      throw inPlace(e);
    }
  }

  /** A search calls the text /q. */
  private static MosaicException inPlace(MosaicException e) {
    if (e.errors().isEmpty() || !e.errors().getFirst().pointer().equals("/q")) {
      return e;
    }
    return MosaicException.at(e.code(), "/text", e.errors().getFirst().message());
  }

  private static float[] mean(StoredDocument document) {
    float[] mean = null;
    int vectors = 0;
    if (document.passages() != null) {
      for (var passage : document.passages()) {
        var vector = passage.vector();
        if (vector == null || vector.length == 0) {
          continue;
        }
        vectors++;
        if (mean == null) {
          mean = vector.clone();
          continue;
        }
        for (int i = 0; i < mean.length; i++) {
          mean[i] += vector[i];
        }
      }
    }
    if (mean == null) {
      throw MosaicException.at(
          ErrorCode.INVALID_VALUE, "/id", "'" + document.id() + "' has no vector to compare");
    }
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= vectors;
    }
    return mean;
  }

  private static SearchRequest semantic(SearchRequest.Builder builder, SimilarRequest request) {
    return builder
        .mode("semantic")
        // Likeness alone: what is linked to is not more alike.
        .authority(0)
        .filter(request.filter())
        .limit(request.limit())
        .fields(request.fields())
        .explain(request.explain())
        .exact(request.exact())
        .minScore(request.minScore())
        .timeoutMs(request.timeoutMs())
        .minCommit(request.minCommit())
        .asOf(request.asOf())
        .build();
  }
}
