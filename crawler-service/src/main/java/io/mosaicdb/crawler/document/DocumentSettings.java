package io.mosaicdb.crawler.document;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How documents are read.
 *
 * @param jars the folder with the reader's jars
 * @param memory megabytes of the reader's heap
 * @param timeout for one document
 * @param idle after so long without a document the reader's process ends
 */
public record DocumentSettings(Path jars, int memory, Duration timeout, Duration idle) {
  /** Characters of a document that are kept, as of a page. */
  static final int MOST_TEXT = 2_000_000;

  static final int MOST_LINKS = 20_000;

  public DocumentSettings {
    if (!Files.isDirectory(jars)) {
      throw new IllegalArgumentException(
          "mosaic.crawler.documents.jars must be the folder of the reader's jars, got " + jars);
    }
    if (memory < 32 || memory > 65_536) {
      throw new IllegalArgumentException(
          "mosaic.crawler.documents.memory must be from 32MB to 64GB, got " + memory + "MB");
    }
    if (!timeout.isPositive() || !idle.isPositive()) {
      throw new IllegalArgumentException(
          "mosaic.crawler.documents.timeout and idle must be > 0, got " + timeout + ", " + idle);
    }
  }
}
