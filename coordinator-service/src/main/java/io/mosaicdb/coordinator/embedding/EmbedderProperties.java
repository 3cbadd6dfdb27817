package io.mosaicdb.coordinator.embedding;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the embedding service is called.
 *
 * @param readTimeout how long it may take for one sub-batch of documents
 * @param batchDocuments documents in one call, at most
 * @param batchCharacters characters in one call, at most, unless one document alone has more
 * @param parallelBatches calls for documents at a time, over all requests
 */
@ConfigurationProperties("mosaic.coordinator.embedder")
record EmbedderProperties(
    @DefaultValue("120s") Duration readTimeout,
    @DefaultValue("32") int batchDocuments,
    @DefaultValue("100000") int batchCharacters,
    @DefaultValue("4") int parallelBatches) {
  EmbedderProperties {
    require(readTimeout.isPositive(), "read-timeout must be > 0, got " + readTimeout);
    require(batchDocuments > 0, "batch-documents must be > 0, got " + batchDocuments);
    require(batchCharacters > 0, "batch-characters must be > 0, got " + batchCharacters);
    require(parallelBatches > 0, "parallel-batches must be > 0, got " + parallelBatches);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException("mosaic.coordinator.embedder." + message);
    }
  }
}
