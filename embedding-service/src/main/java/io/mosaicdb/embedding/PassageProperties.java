package io.mosaicdb.embedding;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How texts are split. Changing it changes only documents that are written later.
 *
 * @param maxTokens of a passage with its title, in the model's tokens; never more than it reads
 * @param overlapTokens how much of a passage the next one may repeat
 */
@ConfigurationProperties("mosaic.embedding.passage")
record PassageProperties(
    @DefaultValue("256") int maxTokens, @DefaultValue("38") int overlapTokens) {
  PassageProperties {
    if (maxTokens < 32) {
      throw new IllegalArgumentException(
          "mosaic.embedding.passage.max-tokens must be >= 32, got " + maxTokens);
    }
  }
}
