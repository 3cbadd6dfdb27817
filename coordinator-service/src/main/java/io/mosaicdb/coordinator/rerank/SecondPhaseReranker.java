package io.mosaicdb.coordinator.rerank;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The reranker in force and how it is used.
 *
 * @param reranker null: none is configured
 * @param timeout how long a search waits for it, at most
 * @param candidates how many hits a request may have scored again
 * @param characters how many of each hit's text it reads
 */
public record SecondPhaseReranker(
    @Nullable Reranker reranker, Duration timeout, int candidates, int characters) {
  /** Searches that do without. */
  public static final SecondPhaseReranker NONE = of(RerankProperties.standard(), null);

  static SecondPhaseReranker of(RerankProperties properties, @Nullable Reranker reranker) {
    return new SecondPhaseReranker(
        reranker, properties.timeout(), properties.candidates(), properties.characters());
  }

  public Optional<Reranker> find() {
    return Optional.ofNullable(reranker);
  }
}
