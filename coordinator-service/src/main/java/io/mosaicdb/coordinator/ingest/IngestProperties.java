package io.mosaicdb.coordinator.ingest;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Bounds of writes.
 *
 * @param requestOperations documents and deletes in one request, at most
 * @param documentCharacters characters of all text fields of one document, at most
 * @param documentLinks links of one document, at most
 * @param line the longest line of a bulk stream
 * @param bulkDocuments lines of a bulk stream that make one commit
 * @param bulkEmbedded the same where the server makes the vectors: results come as batches are
 *     done, and embedding takes its time
 * @param bulkSize bytes of a bulk stream that make one commit, if there are fewer lines
 * @param bulkBatches commits of one bulk stream that are under way at a time; reading waits
 * @param bulkPatience how long a busy worker or embedder is asked again before lines fail
 */
@ConfigurationProperties("mosaic.coordinator.ingest")
record IngestProperties(
    @DefaultValue("10000") int requestOperations,
    @DefaultValue("10485760") int documentCharacters,
    @DefaultValue("10000") int documentLinks,
    @DefaultValue("32MB") DataSize line,
    @DefaultValue("500") int bulkDocuments,
    @DefaultValue("100") int bulkEmbedded,
    @DefaultValue("4MB") DataSize bulkSize,
    @DefaultValue("4") int bulkBatches,
    @DefaultValue("60s") Duration bulkPatience) {
  IngestProperties {
    requirePositive("request-operations", requestOperations);
    requirePositive("document-characters", documentCharacters);
    requirePositive("document-links", documentLinks);
    requirePositive("line", line.toBytes());
    requirePositive("bulk-documents", bulkDocuments);
    requirePositive("bulk-embedded", bulkEmbedded);
    requirePositive("bulk-size", bulkSize.toBytes());
    requirePositive("bulk-batches", bulkBatches);
    requirePositive("bulk-patience", bulkPatience.toMillis());
  }

  /** The defaults of the configuration. */
  static IngestProperties standard() {
    return new IngestProperties(
        10_000,
        10_485_760,
        10_000,
        DataSize.ofMegabytes(32),
        500,
        100,
        DataSize.ofMegabytes(4),
        4,
        Duration.ofSeconds(60));
  }

  private static void requirePositive(String key, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(
          "mosaic.coordinator.ingest." + key + " must be > 0, got " + value);
    }
  }
}
