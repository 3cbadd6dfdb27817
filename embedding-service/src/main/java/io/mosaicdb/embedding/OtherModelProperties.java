package io.mosaicdb.embedding;

import io.mosaicdb.contract.embedding.EmbedderIdentity;
import io.mosaicdb.embedding.BackendProperties.Backend;
import io.mosaicdb.embedding.backend.Embedder;
import io.mosaicdb.embedding.local.LocalModel;
import io.mosaicdb.embedding.local.Pooling;
import io.mosaicdb.embedding.remote.HuggingFaceProtocol.Style;
import io.mosaicdb.model.schema.Metric;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A second model, for namespaces that name it or still hold its vectors. There is none where no
 * backend is given.
 *
 * @param id the model's name as its server knows it, part of every index made with it
 * @param revision change it when the server's model changes without changing its name
 * @param dimensions of a remote model's vectors
 * @param sendDimensions whether to ask an OpenAI server for that many
 * @param baseUrl of a remote model's server
 * @param secret sent as a bearer token; none is sent when it is absent
 * @param style of a Hugging Face server
 * @param modelPath an ONNX graph; with {@code backend: local} only, the bundled one without
 * @param tokenizerPath its tokenizer.json
 * @param pooling how token vectors of a local model become one
 * @param maxTokens what the model reads whole, with the tokens it adds
 * @param queryPrefix put before every query
 * @param passagePrefix put before every passage
 * @param similarity how vectors are compared
 */
@ConfigurationProperties("mosaic.embedding.other")
record OtherModelProperties(
    @Nullable Backend backend,
    @Nullable String id,
    @DefaultValue("1") String revision,
    @DefaultValue("0") int dimensions,
    @DefaultValue("false") boolean sendDimensions,
    @Nullable URI baseUrl,
    @Nullable String secret,
    @DefaultValue("text-embeddings-inference") Style style,
    @Nullable Path modelPath,
    @Nullable Path tokenizerPath,
    @Nullable Pooling pooling,
    @DefaultValue("512") int maxTokens,
    @DefaultValue("") String queryPrefix,
    @DefaultValue("") String passagePrefix,
    @DefaultValue("cosine") Metric similarity) {
  OtherModelProperties {
    boolean remote = backend == Backend.OPENAI || backend == Backend.HUGGINGFACE;
    if (remote && (id == null || id.isBlank())) {
      throw new IllegalArgumentException("mosaic.embedding.other.id must name the model");
    }
    if (remote && dimensions < 1) {
      throw new IllegalArgumentException(
          "mosaic.embedding.other.dimensions must be > 0 for a remote backend, got " + dimensions);
    }
    if (remote && baseUrl == null) {
      throw new IllegalArgumentException(
          "mosaic.embedding.other.base-url must be given for a remote backend");
    }
    if (backend == Backend.LOCAL && modelPath != null && id == null) {
      throw new IllegalArgumentException(
          "mosaic.embedding.other.id must name the model at mosaic.embedding.other.model-path");
    }
  }

  LocalModel local() {
    var bundled = LocalModel.bundled();
    return modelPath == null
        ? bundled
        : new LocalModel(
            name(),
            modelPath,
            tokenizerPath,
            pooling == null ? Pooling.MEAN : pooling,
            maxTokens,
            queryPrefix,
            passagePrefix,
            similarity);
  }

  Embedder embedder(String backendName) {
    return new Embedder(
        new EmbedderIdentity(name(), revision, dimensions),
        maxTokens,
        backendName,
        queryPrefix,
        passagePrefix,
        similarity);
  }

  String name() {
    return id == null ? "" : id;
  }

  @Override
  public String toString() {
    return "OtherModelProperties[backend=" + backend + ", id=" + id + "]";
  }
}
