package io.mosaicdb.embedding.local;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.mosaicdb.contract.embedding.EmbedderIdentity;
import io.mosaicdb.contract.embedding.EmbeddingVector;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.embedding.backend.Embedder;
import io.mosaicdb.embedding.backend.EmbeddingBackend;
import io.mosaicdb.embedding.backend.TokenCounter;
import io.mosaicdb.embedding.backend.VectorCheck;
import io.mosaicdb.model.schema.Metric;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Runs a model in this process, one text at a time, on the calling thread. */
public final class LocalBackend implements EmbeddingBackend {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final ModelTokenizer tokenizer;
  private final Pooling pooling;
  private final Embedder embedder;
  private final VectorCheck check;

  private LocalBackend(LocalModel model, byte[] graph, byte[] tokenizerJson) throws OrtException {
    tokenizer = new ModelTokenizer(tokenizerJson);
    pooling = model.pooling();
    try (var options = new OrtSession.SessionOptions()) {
      // Parallel calls fill the cores; threads of the session's own would only fight them.
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      session = environment.createSession(graph, options);
    }
    int dimensions = infer(tokenizer.encode("dimensions")).length;
    embedder =
        new Embedder(
            new EmbedderIdentity(model.id(), revision(model, graph, tokenizerJson), dimensions),
            model.maxTokens(),
            "local",
            model.queryPrefix(),
            model.passagePrefix(),
            model.similarity());
    check = new VectorCheck(dimensions, model.similarity());
  }

  /** Loads the model and runs it once, so that a model that cannot run fails here. */
  public static LocalBackend load(LocalModel model) {
    try {
      return new LocalBackend(model, model.modelBytes(), model.tokenizerBytes());
    } catch (OrtException e) {
      throw new IllegalStateException("cannot run the embedding model " + model.id() + ": " + e, e);
    }
  }

  @Override
  public Embedder embedder() {
    return embedder;
  }

  @Override
  public TokenCounter tokens() {
    return tokenizer;
  }

  @Override
  public int batchSize() {
    return 1;
  }

  @Override
  public List<EmbeddingVector> embed(List<String> texts) {
    var vectors = new ArrayList<EmbeddingVector>(texts.size());
    for (String text : texts) {
      Encoding encoding = tokenizer.encode(text);
      if (encoding.getIds().length > embedder.maxTokens()) {
        throw new MosaicException(
            ErrorCode.INVALID_VALUE,
            "text has "
                + encoding.getIds().length
                + " tokens, the model reads "
                + embedder.maxTokens());
      }
      try {
        vectors.add(check.vector(infer(encoding)));
      } catch (OrtException e) {
        throw new MosaicException(
            ErrorCode.EMBEDDER_UNAVAILABLE, "the embedding model failed: " + e.getMessage(), e);
      }
    }
    return vectors;
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("cannot close the embedding model: " + e, e);
    } finally {
      tokenizer.close();
    }
  }

  private float[] infer(Encoding encoding) throws OrtException {
    Map<String, OnnxTensor> inputs = new HashMap<>();
    try {
      for (String name : session.getInputNames()) {
        long[] values =
            switch (name) {
              case "input_ids" -> encoding.getIds();
              case "attention_mask" -> encoding.getAttentionMask();
              case "token_type_ids" -> encoding.getTypeIds();
              default ->
                  throw new IllegalStateException("the model wants an unknown input: " + name);
            };
        inputs.put(
            name,
            OnnxTensor.createTensor(
                environment, LongBuffer.wrap(values), new long[] {1, values.length}));
      }
      try (OrtSession.Result result = session.run(inputs)) {
        return pooled((OnnxTensor) result.get(0));
      }
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private float[] pooled(OnnxTensor output) {
    long[] shape = output.getInfo().getShape();
    int dimensions = (int) shape[shape.length - 1];
    int tokens = shape.length == 3 ? (int) shape[1] : 1;
    FloatBuffer values = output.getFloatBuffer();
    float[] first = new float[dimensions];
    values.get(0, first);
    if (pooling == Pooling.CLS || tokens == 1) {
      return first;
    }
    float[] mean = new float[dimensions];
    for (int t = 0; t < tokens; t++) {
      for (int d = 0; d < dimensions; d++) {
        mean[d] += values.get(t * dimensions + d) / tokens;
      }
    }
    return mean;
  }

  /**
   * The first 12 hex digits of the graph's SHA-256, and 8 of all else that decides a vector: the
   * tokenizer, the pooling, the prefixes and the scaling.
   */
  private static String revision(LocalModel model, byte[] graph, byte[] tokenizerJson) {
    MessageDigest use = sha256();
    use.update(tokenizerJson);
    use.update(
        String.join(
                "\0",
                model.pooling().name(),
                model.queryPrefix(),
                model.passagePrefix(),
                model.similarity() == Metric.COSINE ? "unit" : "raw")
            .getBytes(StandardCharsets.UTF_8));
    return hex(sha256().digest(graph), 12) + "-" + hex(use.digest(), 8);
  }

  private static String hex(byte[] digest, int digits) {
    return HexFormat.of().formatHex(digest, 0, digits / 2);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
