package io.mosaicdb.worker.rebuild;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a rebuild may take of the machine.
 *
 * @param batchDocuments documents that are embedded by one call; there is one call at a time
 * @param share of the time in which the embedding service works for the rebuild; the rest of it the
 *     rebuild pauses, but for the last documents, for which writers wait
 * @param attempts of a call that fails because the service is away or full
 * @param longestWait between two of them; the first wait is a second, and doubles
 * @param callTimeout of a call
 */
@ConfigurationProperties("mosaic.worker.rebuild")
record RebuildProperties(
    @DefaultValue("16") int batchDocuments,
    @DefaultValue("0.5") double share,
    @DefaultValue("8") int attempts,
    @DefaultValue("30s") Duration longestWait,
    @DefaultValue("2m") Duration callTimeout) {
  RebuildProperties {
    if (batchDocuments < 1 || batchDocuments > 1024) {
      throw new IllegalArgumentException(
          "mosaic.worker.rebuild.batch-documents must be between 1 and 1024, got "
              + batchDocuments);
    }
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "mosaic.worker.rebuild.share must be above 0 and at most 1, got " + share);
    }
    if (attempts < 1) {
      throw new IllegalArgumentException(
          "mosaic.worker.rebuild.attempts must be > 0, got " + attempts);
    }
    if (longestWait.isNegative() || callTimeout.isNegative() || callTimeout.isZero()) {
      throw new IllegalArgumentException(
          "mosaic.worker.rebuild.longest-wait must be >= 0 and call-timeout > 0, got "
              + longestWait
              + " and "
              + callTimeout);
    }
  }
}
