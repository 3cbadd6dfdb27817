package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.search.SearchResponse.ExplanationBody;
import io.mosaicdb.coordinator.search.Candidates.Candidate;
import io.mosaicdb.model.ranking.Fusion;
import io.mosaicdb.model.ranking.ScoredId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says how a hit came to its score, in parts that add up. */
final class Explanations {
  private Explanations() {}

  static ExplanationBody of(
      SearchMode mode,
      Fusion fusion,
      ScoredId scored,
      Candidates text,
      Candidates vector,
      @Nullable ExplanationBody words) {
    var byText = text.find(scored.id());
    var byVector = vector.find(scored.id());
    return switch (mode) {
      case KEYWORD -> words(scored.score(), words);
      case SEMANTIC ->
          new ExplanationBody(scored.score(), "vector score of the best passage", List.of());
      case HYBRID -> {
        var parts = new ArrayList<ExplanationBody>();
        if (byText != null) {
          parts.add(part(fusion, true, byText, text, List.of(words(byText.hit().score(), words))));
        }
        if (byVector != null) {
          var raw =
              new ExplanationBody(
                  byVector.hit().score(), "vector score of the best passage", List.of());
          parts.add(part(fusion, false, byVector, vector, List.of(raw)));
        }
        yield new ExplanationBody(
            scored.score(), "sum of the legs, fused by " + name(fusion), parts);
      }
    };
  }

  private static ExplanationBody words(double score, @Nullable ExplanationBody words) {
    return words == null ? new ExplanationBody(score, "BM25 of the words", List.of()) : words;
  }

  private static ExplanationBody part(
      Fusion fusion,
      boolean isText,
      Candidate candidate,
      Candidates leg,
      List<ExplanationBody> details) {
    var name = isText ? "text" : "vector";
    return switch (fusion) {
      case Fusion.ReciprocalRank rrf -> {
        double weight = isText ? rrf.textWeight() : rrf.vectorWeight();
        yield new ExplanationBody(
            weight / (rrf.k() + candidate.rank()),
            "%s leg: weight %s / (k %d + rank %d); what ranked it:"
                .formatted(name, weight, rrf.k(), candidate.rank()),
            details);
      }
      case Fusion.Normalized normalized -> {
        double weight = isText ? normalized.textWeight() : normalized.vectorWeight();
        double most = leg.ranking().getFirst().score();
        double span = most - leg.ranking().getLast().score();
        double scaled = span == 0 ? 1 : 1 - (most - candidate.hit().score()) / span;
        yield new ExplanationBody(
            weight * scaled,
            "%s leg: weight %s * %s, the score scaled between the leg's least and greatest;"
                    .formatted(name, weight, scaled)
                + " what was scaled:",
            details);
      }
    };
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
