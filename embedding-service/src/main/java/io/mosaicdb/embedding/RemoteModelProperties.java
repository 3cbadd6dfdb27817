package io.mosaicdb.embedding;

import io.mosaicdb.contract.embedding.EmbedderIdentity;
import io.mosaicdb.embedding.backend.Embedder;
import io.mosaicdb.model.schema.Metric;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the model behind a remote backend is; the server is not asked.
 *
 * @param id the model's name as the server knows it, part of every index made with it
 * @param revision change it when the server's model changes without changing its name
 * @param dimensions of its vectors; an answer with others is refused
 * @param sendDimensions whether to ask an OpenAI server for that many
 * @param maxTokens what the model reads whole, with the tokens it adds
 * @param queryPrefix put before every query
 * @param passagePrefix put before every passage
 * @param similarity how vectors are compared; those of cosine are scaled to length 1
 */
@ConfigurationProperties("mosaic.embedding.remote-model")
record RemoteModelProperties(
    @Nullable String id,
    @DefaultValue("1") String revision,
    @DefaultValue("0") int dimensions,
    @DefaultValue("false") boolean sendDimensions,
    @DefaultValue("512") int maxTokens,
    @DefaultValue("") String queryPrefix,
    @DefaultValue("") String passagePrefix,
    @DefaultValue("cosine") Metric similarity) {

  String name() {
    if (id == null || id.isBlank()) {
      throw new IllegalStateException(
          "mosaic.embedding.remote-model.id must name the model of a remote backend");
    }
    return id;
  }

  Embedder embedder(String backend) {
    if (dimensions < 1) {
      throw new IllegalStateException(
          "mosaic.embedding.remote-model.dimensions must be > 0 for a remote backend, got "
              + dimensions);
    }
    return new Embedder(
        new EmbedderIdentity(name(), revision, dimensions),
        maxTokens,
        backend,
        queryPrefix,
        passagePrefix,
        similarity);
  }
}
