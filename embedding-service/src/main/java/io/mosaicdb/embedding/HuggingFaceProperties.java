package io.mosaicdb.embedding;

import io.mosaicdb.embedding.remote.HuggingFaceProtocol.Style;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A text-embeddings-inference server, or Hugging Face's hosted inference.
 *
 * @param baseUrl what /embed, or /models/…, is appended to
 * @param token sent as a bearer token; none is sent when it is absent
 * @param style which of the two it is
 */
@ConfigurationProperties("mosaic.embedding.huggingface")
record HuggingFaceProperties(
    @DefaultValue("http://127.0.0.1:8080") URI baseUrl,
    @Nullable String token,
    @DefaultValue("text-embeddings-inference") Style style) {
  @Override
  public String toString() {
    return "HuggingFaceProperties[baseUrl=" + baseUrl.getHost() + ", style=" + style + "]";
  }
}
