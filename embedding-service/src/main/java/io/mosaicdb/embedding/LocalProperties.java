package io.mosaicdb.embedding;

import io.mosaicdb.embedding.local.LocalModel;
import io.mosaicdb.embedding.local.Pooling;
import io.mosaicdb.model.schema.Metric;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The model that runs in this process. Without paths it is the bundled bge-small-en-v1.5 and the
 * rest of the model's description is known; with paths the id must be given, and the rest describes
 * the files.
 *
 * @param id the model's name, part of every index made with it
 * @param modelPath an ONNX graph
 * @param tokenizerPath its tokenizer.json
 * @param pooling how token vectors become one
 * @param maxTokens what the model reads, with the tokens it adds
 * @param queryPrefix put before every query
 * @param passagePrefix put before every passage
 * @param similarity how vectors are compared; those of cosine are scaled to length 1
 * @param threads how many passages are embedded at once; 0 takes one for each core
 * @param queryThreads how many more threads embed queries only
 */
@ConfigurationProperties("mosaic.embedding.local")
record LocalProperties(
    @Nullable String id,
    @Nullable Path modelPath,
    @Nullable Path tokenizerPath,
    @Nullable Pooling pooling,
    @Nullable Integer maxTokens,
    @Nullable String queryPrefix,
    @Nullable String passagePrefix,
    @DefaultValue("cosine") Metric similarity,
    @DefaultValue("0") int threads,
    @DefaultValue("1") int queryThreads) {
  LocalProperties {
    if (threads < 0) {
      throw new IllegalArgumentException(
          "mosaic.embedding.local.threads must be >= 0, got " + threads);
    }
    if (queryThreads < 0) {
      throw new IllegalArgumentException(
          "mosaic.embedding.local.query-threads must be >= 0, got " + queryThreads);
    }
    if (modelPath != null && id == null) {
      throw new IllegalArgumentException(
          "mosaic.embedding.local.id must name the model at mosaic.embedding.local.model-path");
    }
  }

  LocalModel model() {
    LocalModel bundled = LocalModel.bundled();
    boolean own = modelPath != null;
    return new LocalModel(
        id == null ? bundled.id() : id,
        modelPath,
        tokenizerPath,
        pooling == null ? (own ? Pooling.MEAN : bundled.pooling()) : pooling,
        maxTokens == null ? bundled.maxTokens() : maxTokens,
        queryPrefix == null ? (own ? "" : bundled.queryPrefix()) : queryPrefix,
        passagePrefix == null ? "" : passagePrefix,
        similarity);
  }

  int workers() {
    return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }
}
