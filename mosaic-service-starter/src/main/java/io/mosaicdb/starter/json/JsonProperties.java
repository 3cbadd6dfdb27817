package io.mosaicdb.starter.json;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of one JSON document.
 *
 * @param maxDepth how deep arrays and objects may nest
 * @param maxStringSize the longest string, in characters
 * @param maxDocumentSize the longest document
 */
@ConfigurationProperties("mosaic.json")
record JsonProperties(
    @DefaultValue("100") int maxDepth,
    @DefaultValue("16MB") DataSize maxStringSize,
    @DefaultValue("128MB") DataSize maxDocumentSize) {
  JsonProperties {
    require(maxDepth > 0, "mosaic.json.max-depth must be > 0, got " + maxDepth);
    require(
        maxStringSize.toBytes() > 0 && maxStringSize.toBytes() <= Integer.MAX_VALUE,
        "mosaic.json.max-string-size must be between 1B and 2GB, got " + maxStringSize);
    require(
        maxDocumentSize.toBytes() > 0,
        "mosaic.json.max-document-size must be > 0, got " + maxDocumentSize);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
