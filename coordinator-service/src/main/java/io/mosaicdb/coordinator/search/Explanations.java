package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.search.SearchResponse.ExplanationBody;
import io.mosaicdb.coordinator.search.Candidates.Candidate;
import io.mosaicdb.model.ranking.Fusion;
import io.mosaicdb.model.ranking.RankedHit;
import io.mosaicdb.model.ranking.ScoreParts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says how a hit came to its score, in parts that add up. */
final class Explanations {
  private Explanations() {}

  /**
   * @param words how the words' score was made; null: not known
   */
  static ExplanationBody of(
      SearchQuery query, Retrieved retrieved, RankedHit hit, @Nullable ExplanationBody words) {
    var parts = parts(query, retrieved, hit, words);
    if (hit.parts().rerank() != null) {
      var first = new ExplanationBody(0, "the first phase chose it and adds nothing:", parts);
      var second = new ExplanationBody(hit.parts().rerank(), "the second phase's score", List.of());
      return new ExplanationBody(hit.score(), "sum of", List.of(second, first));
    }
    boolean alone = retrieved.ran() != SearchMode.HYBRID && parts.size() == 1;
    addBoosts(query, retrieved, hit, parts);
    return alone && parts.size() == 1
        ? parts.getFirst()
        : new ExplanationBody(hit.score(), "sum of", parts);
  }

  private static void addBoosts(
      SearchQuery query, Retrieved retrieved, RankedHit hit, List<ExplanationBody> parts) {
    var recency = query.ranking().recency();
    if (recency != null) {
      parts.add(
          new ExplanationBody(
              hit.parts().recency(),
              "recency: weight %s * freshness by '%s' * the magnitude of the legs' sum"
                  .formatted(recency.weight(), recency.field()),
              List.of()));
    }
    if (query.ranking().authority() > 0 && retrieved.authority() != null) {
      parts.add(
          new ExplanationBody(
              hit.parts().authority(),
              authority(query, retrieved.require(hit.id()).hit().authority()),
              List.of()));
    }
  }

  private static String authority(SearchQuery query, @Nullable Double relative) {
    return relative == null
        ? "authority: the document had no rank when ranks were computed"
        : "authority: weight %s * x / (x + 1) * the magnitude of the legs' sum, where x = %s is the rank in multiples of the average"
            .formatted(query.ranking().authority(), relative);
  }

  private static List<ExplanationBody> parts(
      SearchQuery query, Retrieved retrieved, RankedHit hit, @Nullable ExplanationBody words) {
    var byText = retrieved.text().find(hit.id());
    var byVector = retrieved.vector().find(hit.id());
    var score = hit.parts();
    var parts = new ArrayList<ExplanationBody>();
    if (byText != null) {
      var raw = words(byText.hit().score(), words);
      parts.add(
          retrieved.ran() == SearchMode.HYBRID
              ? leg(query.fusion(), true, score, byText, raw)
              : raw);
    }
    if (byVector != null) {
      var raw =
          new ExplanationBody(
              byVector.hit().score(), "vector score of the best passage", List.of());
      parts.add(
          retrieved.ran() == SearchMode.HYBRID
              ? leg(query.fusion(), false, score, byVector, raw)
              : raw);
    }
    return parts;
  }

  private static ExplanationBody words(double score, @Nullable ExplanationBody words) {
    return words == null ? new ExplanationBody(score, "BM25 of the words", List.of()) : words;
  }

  private static ExplanationBody leg(
      Fusion fusion, boolean isText, ScoreParts score, Candidate candidate, ExplanationBody raw) {
    var name = isText ? "text" : "vector";
    double value = isText ? score.text() : score.vector();
    var description =
        switch (fusion) {
          case Fusion.ReciprocalRank rrf ->
              "%s leg: weight %s / (k %d + rank %d); what ranked it:"
                  .formatted(
                      name,
                      isText ? rrf.textWeight() : rrf.vectorWeight(),
                      rrf.k(),
                      candidate.rank());
          case Fusion.Normalized normalized ->
              ("%s leg: weight %s * the score scaled between the leg's least and greatest;"
                      + " what was scaled:")
                  .formatted(name, isText ? normalized.textWeight() : normalized.vectorWeight());
        };
    return new ExplanationBody(value, description, List.of(raw));
  }

  static String name(Fusion fusion) {
    return switch (fusion) {
      case Fusion.ReciprocalRank rrf ->
          "RRF, k=%d, weights text %s vector %s"
              .formatted(rrf.k(), rrf.textWeight(), rrf.vectorWeight());
      case Fusion.Normalized normalized ->
          "normalized scores, weights text %s vector %s"
              .formatted(normalized.textWeight(), normalized.vectorWeight());
    };
  }
}
