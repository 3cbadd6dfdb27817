package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.error.ErrorCategory;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.worker.FetchResponse.FetchedHit;
import io.mosaicdb.coordinator.rerank.SecondPhaseReranker;
import io.mosaicdb.model.ranking.RankedHit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has the best hits scored again by the second phase. */
final class Rescoring {
  private final SecondPhaseReranker secondPhase;
  private final HitFetcher fetcher;

  Rescoring(SecondPhaseReranker secondPhase, HitFetcher fetcher) {
    this.secondPhase = secondPhase;
    this.fetcher = fetcher;
  }

  /** Scores of the best hits in their order, or why there are none. */
  sealed interface Outcome {
    record Scored(List<Double> scores) implements Outcome {}

    record Missing(String reason) implements Outcome {}
  }

  /**
   * @param hits those to be scored
   */
  Outcome score(SearchQuery query, Retrieved retrieved, List<RankedHit> hits, long deadline) {
    var reranker = secondPhase.reranker();
    var question = query.text();
    if (reranker == null || question == null) {
      throw new IllegalStateException("a second phase that was not checked");
    }
    var texts = new ArrayList<String>(hits.size());
    for (var fetched : fetcher.fetchTexts(query, retrieved, hits)) {
      texts.add(text(fetched));
    }
    var left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    var patience = left.compareTo(secondPhase.timeout()) < 0 ? left : secondPhase.timeout();
    try {
      return new Outcome.Scored(reranker.score(question, texts, patience));
    } catch (MosaicException e) {
      if (e.code().category() == ErrorCategory.USER) {
        throw e;
      }
      return new Outcome.Missing(e.detail());
    }
  }

  private String text(FetchedHit fetched) {
    var text = new StringBuilder();
    fetched.fields().values().forEach(value -> append(text, value));
    append(text, fetched.passage() == null ? null : fetched.passage().text());
    int end = Math.min(text.length(), secondPhase.characters());
    if (end > 0 && end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  private static void append(StringBuilder text, @Nullable Object part) {
    if (part instanceof String words && !words.isBlank()) {
      text.append(text.isEmpty() ? "" : "\n").append(words);
    }
  }
}
