package io.mosaicdb.contract.embedding;

import java.util.List;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/**
 * The embedding service's interface. A call answers for all of its texts or fails as a whole; a
 * vector that could not be computed is an error with the reason, never a vector of zeros.
 *
 * <p>Every call may be repeated: the same text gives the same vector for as long as the embedder's
 * revision stays. Failures are {@code invalid_value} for a text that cannot be embedded as asked,
 * {@code payload_too_large} for too many of them, {@code overloaded} with Retry-After when the
 * service's queue is full, {@code deadline_exceeded}, and {@code embedder_unavailable} when the
 * model fails after its retries.
 */
@HttpExchange("/internal/v1/embedding")
public interface EmbeddingApi {

  /** One vector for each text, in the order of the texts. */
  @PostExchange("/embed")
  EmbedResponse embed(@RequestBody EmbedRequest request);

  /**
   * Splits each source into passages that the model can read whole, and embeds them. The answer has
   * one entry for each source, in their order.
   */
  @PostExchange("/passages")
  PassagesResponse passages(@RequestBody PassagesRequest request);

  /** The embedder that answers where a request names none. */
  @GetExchange("/embedder")
  EmbedderDescription embedder();

  /** Every embedder that a request may name, {@link #embedder()} first. */
  @GetExchange("/embedders")
  List<EmbedderDescription> embedders();
}
