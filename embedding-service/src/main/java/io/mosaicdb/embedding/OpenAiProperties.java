package io.mosaicdb.embedding;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A server that speaks OpenAI's interface.
 *
 * @param baseUrl what /embeddings is appended to
 * @param apiKey sent as a bearer token; none is sent when it is absent
 */
@ConfigurationProperties("mosaic.embedding.openai")
record OpenAiProperties(
    @DefaultValue("https://api.openai.com/v1") URI baseUrl, @Nullable String apiKey) {
  @Override
  public String toString() {
    return "OpenAiProperties[baseUrl=" + baseUrl.getHost() + "]";
  }
}
