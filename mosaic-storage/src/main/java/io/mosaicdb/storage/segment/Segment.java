package io.mosaicdb.storage.segment;

import io.mosaicdb.model.filter.Filter;
import io.mosaicdb.storage.bits.OrdinalSet;
import io.mosaicdb.storage.document.DocumentVersion;
import io.mosaicdb.storage.document.LinkedDocument;
import io.mosaicdb.storage.filter.ColumnView;
import io.mosaicdb.storage.text.TextQuery;
import io.mosaicdb.storage.text.TextSegment;
import io.mosaicdb.storage.vector.ScoredPassages;
import io.mosaicdb.storage.vector.VectorQuery;
import io.mosaicdb.storage.vector.VectorSearchOptions;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Documents with ordinals {@code [0, documentCount)} and their passages with ordinals {@code [0,
 * passageCount)}, in document order. A document may be there in several versions. Nothing here
 * knows which documents are deleted: callers pass what they accept. Thread-safe; a view of a live
 * segment stays what it was while the segment grows.
 *
 * <p>Methods that read a file throw {@link SegmentReadException} where it cannot be read.
 */
public interface Segment {
  /** The shard's id, empty for documents that are not in a shard. */
  Optional<String> shardId();

  int documentCount();

  int passageCount();

  String id(int document);

  /** The commit_seq that made the document. */
  long version(int document);

  /** The ordinal of {@code id}'s newest version here, or -1. */
  int find(String id);

  /** The ordinal of the version of the same document before {@code document} here, or -1. */
  int before(int document);

  /** The ordinal of that version of {@code id} here, or -1. */
  default int find(String id, long version) {
    int document = find(id);
    while (document >= 0 && version(document) > version) {
      document = before(document);
    }
    return document >= 0 && version(document) == version ? document : -1;
  }

  /** Whether ordinals ascend by document id, and the versions of one document by age. */
  boolean isSortedById();

  int documentOf(int passage);

  /** The first passage of {@code document}; those of {@code documentCount()} end the last one's. */
  int firstPassage(int document);

  /** Start and end of the passage in the document's text, in UTF-16 units. */
  int passageStart(int passage);

  int passageEnd(int passage);

  TextSegment text();

  /** Whether a document might match; false is certain. Cheap. */
  default boolean mightMatch(TextQuery query) {
    return true;
  }

  /** Points near which the vectors lie, as indexed; empty where they are not known. */
  default List<float[]> centroids() {
    return List.of();
  }

  /** The documents that meet {@code filter}. */
  OrdinalSet matching(Filter filter);

  /** About how many documents meet {@code filter}, from statistics, without looking at them. */
  double estimate(Filter filter);

  /**
   * The values of a filterable attribute, or of a {@link io.mosaicdb.model.filter.ColumnName}
   * derived from documents; empty where no document has one.
   */
  Optional<ColumnView> column(String name);

  /**
   * The {@code k} best passages among {@code accept} (null: all). Empty where the segment has no
   * vectors.
   */
  default ScoredPassages nearest(
      VectorQuery query, int k, VectorSearchOptions options, @Nullable OrdinalSet accept) {
    return nearest(query, k, options, accept, Float.NEGATIVE_INFINITY);
  }

  /** The same without the passages that score less than {@code floor}. */
  ScoredPassages nearest(
      VectorQuery query,
      int k,
      VectorSearchOptions options,
      @Nullable OrdinalSet accept,
      float floor);

  /** The vectors of passages, one after the other; empty where the segment has no vectors. */
  float[] vectors(int[] passages);

  /** The documents, in the order of {@code ordinals}; passages without vectors unless asked for. */
  List<DocumentVersion> load(int[] ordinals, boolean withVectors);

  /**
   * Where the documents link to, in the order of {@code ordinals}; nothing else of them is read.
   */
  List<LinkedDocument> links(int[] ordinals);

  /** The passages of {@code documents}, or null where {@code documents} is null. */
  default @Nullable OrdinalSet passagesOf(@Nullable OrdinalSet documents) {
    if (documents == null) {
      return null;
    }
    int passages = passageCount();
    if (passages == documentCount()
        && (passages == 0 || documentOf(passages - 1) == passages - 1)) {
      return documents;
    }
    var bits = new long[OrdinalSet.wordsFor(passages)];
    documents.forEach(document -> {
      for (int p = firstPassage(document); p < firstPassage(document + 1); p++) {
        bits[p >>> 6] |= 1L << p;
      }
    });
    return OrdinalSet.wrap(bits, passages);
  }
}
