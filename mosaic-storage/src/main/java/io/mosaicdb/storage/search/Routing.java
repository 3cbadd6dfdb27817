package io.mosaicdb.storage.search;

import io.mosaicdb.storage.segment.Segment;
import org.jspecify.annotations.Nullable;

/**
 * Which shards a search leaves out. Words that no document of a shard has are never looked for
 * there, which changes no answer; the rest is for those who ask for it. A live segment is always
 * searched.
 *
 * @param minSimilarity shards whose centroids are all less similar to the query are not searched by
 *     vectors, null: none; may lose hits
 * @param requireWords shards where no document has the words are not searched by vectors either;
 *     may lose hits
 */
public record Routing(@Nullable Double minSimilarity, boolean requireWords) {
  public static final Routing EVERYWHERE = new Routing(null, false);

  /**
   * What is not done in one segment; a reason for each leg that is left out.
   *
   * @param words null: it is searched, or there is no such leg
   * @param vectors likewise
   * @param whole whether nothing is left to do
   */
  record Pruned(@Nullable String words, @Nullable String vectors, boolean whole) {
    static final Pruned NOTHING = new Pruned(null, null, false);

    String reason() {
      if (words == null) {
        return vectors == null ? "" : vectors;
      }
      return vectors == null || vectors.equals(words) ? words : words + "; " + vectors;
    }
  }

  Pruned prune(Segment segment, SearchCommand command) {
    var text = command.text();
    var vector = command.vector();
    String words = null;
    if (text != null && !segment.mightMatch(text)) {
      words = "words: the term filter says that no document matches";
    }
    String vectors = null;
    var demands = command.demands();
    if (vector != null && demands != null && demands.must() != null) {
      // What the words demand, vector hits must meet too.
      vectors =
          segment.mightMatch(demands.must())
              ? null
              : "words: the term filter says that no document has what is demanded";
    }
    if (vector != null && vectors == null && minSimilarity != null) {
      double best = Double.NEGATIVE_INFINITY;
      for (float[] centroid : segment.centroids()) {
        best = Math.max(best, vector.similarityTo(centroid));
      }
      if (!segment.centroids().isEmpty() && best < minSimilarity) {
        vectors = "vectors: centroid similarity %.4f is below %s".formatted(best, minSimilarity);
      }
    }
    if (vector != null && vectors == null && requireWords && words != null) {
      vectors = words;
    }
    if (words == null && vectors == null) {
      return Pruned.NOTHING;
    }
    boolean whole =
        !command.wantsMatchingSet()
            && (text == null || words != null)
            && (vector == null || vectors != null);
    return new Pruned(words, vectors, whole);
  }
}
