package io.mosaicdb.embedding;

import io.mosaicdb.contract.embedding.EmbedRequest;
import io.mosaicdb.contract.embedding.EmbedResponse;
import io.mosaicdb.contract.embedding.EmbedderDescription;
import io.mosaicdb.contract.embedding.EmbeddingApi;
import io.mosaicdb.contract.embedding.PassagesRequest;
import io.mosaicdb.contract.embedding.PassagesResponse;
import org.springframework.web.bind.annotation.RestController;

/** Puts {@link Embeddings} behind HTTP. */
@RestController
class EmbeddingController implements EmbeddingApi {
  private final Embeddings embeddings;

  EmbeddingController(Embeddings embeddings) {
    this.embeddings = embeddings;
  }

  @Override
  public EmbedResponse embed(EmbedRequest request) {
    return embeddings.embed(request);
  }

  @Override
  public PassagesResponse passages(PassagesRequest request) {
    return embeddings.passages(request);
  }

  @Override
  public EmbedderDescription embedder() {
    return embeddings.embedder().description();
  }
}
