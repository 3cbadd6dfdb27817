package io.mosaicdb.embedding.backend;

import io.mosaicdb.contract.embedding.EmbedderIdentity;
import io.mosaicdb.contract.embedding.EmbeddingVector;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.model.schema.Metric;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** A model of words as tokens that keeps what it was asked and can be held up or broken. */
public final class RecordingBackend implements EmbeddingBackend {
  public static final String REFUSED = "refused";

  private final List<List<String>> calls = new CopyOnWriteArrayList<>();
  private final int batchSize;
  private volatile Consumer<List<String>> before = texts -> {};

  public RecordingBackend(int batchSize) {
    this.batchSize = batchSize;
  }

  /** Done in every call before it answers. */
  public void before(Consumer<List<String>> action) {
    before = action;
  }

  /** Holds calls from now on until the latch opens. */
  public CountDownLatch hold() {
    var latch = new CountDownLatch(1);
    before(texts -> {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
    return latch;
  }

  public List<List<String>> calls() {
    return List.copyOf(calls);
  }

  @Override
  public Embedder embedder() {
    return new Embedder(
        new EmbedderIdentity("recording", "1", 2), 32, "local", "q: ", "", Metric.DOT);
  }

  @Override
  public TokenCounter tokens() {
    return new TokenCounter() {
      @Override
      public int count(String text) {
        return text.isBlank() ? 0 : text.strip().split("\\s+", -1).length;
      }

      @Override
      public int added() {
        return 2;
      }
    };
  }

  @Override
  public int batchSize() {
    return batchSize;
  }

  @Override
  public List<EmbeddingVector> embed(List<String> texts) {
    calls.add(List.copyOf(texts));
    before.accept(texts);
    if (texts.contains(REFUSED)) {
      throw new MosaicException(ErrorCode.INVALID_VALUE, "refused");
    }
    return texts.stream().map(text -> EmbeddingVector.of(text.hashCode(), 1)).toList();
  }

  @Override
  public void close() {}
}
