package io.mosaicdb.coordinator.ingest;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How large a request's body may be. A bulk stream has no limit but that of its lines.
 *
 * @param documents a request that writes documents
 * @param others any other request
 */
@ConfigurationProperties("mosaic.coordinator.body")
record BodyLimits(@DefaultValue("64MB") DataSize documents, @DefaultValue("2MB") DataSize others) {
  BodyLimits {
    if (documents.toBytes() <= 0 || others.toBytes() <= 0) {
      throw new IllegalArgumentException(
          "mosaic.coordinator.body.documents and others must be > 0, got %s and %s"
              .formatted(documents, others));
    }
  }

  long of(String path) {
    if (path.startsWith("/v1/") && path.endsWith("/bulk") && !path.contains("/documents/")) {
      return Long.MAX_VALUE;
    }
    boolean writes = path.contains("/documents") || path.equals("/api/index");
    return writes ? documents.toBytes() : others.toBytes();
  }
}
