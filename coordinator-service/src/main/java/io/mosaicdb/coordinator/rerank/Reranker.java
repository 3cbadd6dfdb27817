package io.mosaicdb.coordinator.rerank;

import io.mosaicdb.contract.error.MosaicException;
import java.time.Duration;
import java.util.List;

/** Says how well each of a few texts answers a question. Thread-safe. */
public interface Reranker {
  /**
   * One score a text, in their order; the higher, the better. Only scores of one call can be
   * compared.
   *
   * @throws MosaicException {@code reranker_unavailable} if they are not there within {@code
   *     patience}, whatever the reason
   */
  List<Double> score(String question, List<String> texts, Duration patience);
}
