package io.mosaicdb.embedding;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param backend where the model runs
 */
@ConfigurationProperties("mosaic.embedding")
record BackendProperties(@DefaultValue("local") Backend backend) {
  enum Backend {
    LOCAL,
    OPENAI,
    HUGGINGFACE
  }
}
