package io.mosaicdb.embedding.local;

import io.mosaicdb.model.schema.Metric;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which model to run and how to use it.
 *
 * @param model the ONNX graph; null takes the bge-small-en-v1.5 of the class path
 * @param tokenizer the tokenizer.json that belongs to it; null likewise
 * @param maxTokens what the model reads, with the tokens it adds
 */
public record LocalModel(
    String id,
    @Nullable Path model,
    @Nullable Path tokenizer,
    Pooling pooling,
    int maxTokens,
    String queryPrefix,
    String passagePrefix,
    Metric similarity) {
  private static final String BUNDLED_MODEL = "bge-small-en-v1.5-q.onnx";
  private static final String BUNDLED_TOKENIZER = "bge-small-en-v1.5-q-tokenizer.json";

  public LocalModel {
    if ((model == null) != (tokenizer == null)) {
      throw new IllegalArgumentException(
          "a local model has both a model path and a tokenizer path, or neither; got model path "
              + model
              + " and tokenizer path "
              + tokenizer);
    }
  }

  /** BAAI's bge-small-en-v1.5, quantized to int8: English, 384 dimensions, 512 tokens. */
  public static LocalModel bundled() {
    return new LocalModel(
        "bge-small-en-v1.5-q",
        null,
        null,
        Pooling.CLS,
        512,
        "Represent this sentence for searching relevant passages: ",
        "",
        Metric.COSINE);
  }

  byte[] modelBytes() {
    return bytes(model, BUNDLED_MODEL);
  }

  byte[] tokenizerBytes() {
    return bytes(tokenizer, BUNDLED_TOKENIZER);
  }

  private static byte[] bytes(@Nullable Path path, String bundled) {
    try {
      if (path != null) {
        return Files.readAllBytes(path);
      }
      try (InputStream in = LocalModel.class.getResourceAsStream("/" + bundled)) {
        if (in == null) {
          throw new IllegalStateException(
              bundled + " is not on the class path; add the model's jar or name a model by path");
        }
        return in.readAllBytes();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the embedding model: " + e, e);
    }
  }
}
