package io.mosaicdb.embedding;

import io.mosaicdb.contract.embedding.EmbedRequest;
import io.mosaicdb.contract.embedding.EmbedResponse;
import io.mosaicdb.contract.embedding.EmbedderDescription;
import io.mosaicdb.contract.embedding.EmbeddingApi;
import io.mosaicdb.contract.embedding.PassagesRequest;
import io.mosaicdb.contract.embedding.PassagesResponse;
import java.util.List;
import org.springframework.web.bind.annotation.RestController;

/** Puts {@link EmbeddingModels} behind HTTP. */
@RestController
class EmbeddingController implements EmbeddingApi {
  private final EmbeddingModels models;

  EmbeddingController(EmbeddingModels models) {
    this.models = models;
  }

  @Override
  public EmbedResponse embed(EmbedRequest request) {
    return models.require(request.model()).embed(request);
  }

  @Override
  public PassagesResponse passages(PassagesRequest request) {
    return models.require(request.model()).passages(request);
  }

  @Override
  public EmbedderDescription embedder() {
    return models.require(null).embedder().description();
  }

  @Override
  public List<EmbedderDescription> embedders() {
    return models.all().stream().map(each -> each.embedder().description()).toList();
  }
}
