package io.mosaicdb.embedding.backend;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.mosaicdb.contract.embedding.EmbeddingVector;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Times a backend's calls and remembers how the last one ended. */
public final class ObservedBackend implements EmbeddingBackend {
  private final EmbeddingBackend backend;
  private final Timer succeeded;
  private final Timer failed;
  private final Counter texts;
  private volatile @Nullable Ending last;

  /**
   * How a call ended.
   *
   * @param failure why it failed; null if it did not
   * @param time by {@link System#nanoTime()}
   */
  public record Ending(@Nullable String failure, long time) {
    public Duration age() {
      return Duration.ofNanos(System.nanoTime() - time);
    }
  }

  public ObservedBackend(EmbeddingBackend backend, MeterRegistry meters) {
    this.backend = backend;
    succeeded = timer("success", meters);
    failed = timer("failure", meters);
    texts =
        Counter.builder("mosaic.embedding.texts")
            .description("Texts embedded by the model")
            .tag("backend", backend.embedder().backend())
            .register(meters);
  }

  /** Of the last call that the model itself answered or failed; null before the first. */
  public @Nullable Ending last() {
    return last;
  }

  /** Embeds one short text, to learn whether the model works. */
  public void probe() {
    var _ = embed(List.of(embedder().queryPrefix() + "ready"));
  }

  @Override
  public Embedder embedder() {
    return backend.embedder();
  }

  @Override
  public TokenCounter tokens() {
    return backend.tokens();
  }

  @Override
  public int batchSize() {
    return backend.batchSize();
  }

  @Override
  public List<EmbeddingVector> embed(List<String> batch) {
    long start = System.nanoTime();
    try {
      List<EmbeddingVector> vectors = backend.embed(batch);
      ended(succeeded, start, null);
      texts.increment(batch.size());
      return vectors;
    } catch (MosaicException e) {
      // A refused text says nothing about the model's health.
      ended(failed, start, e.code() == ErrorCode.INVALID_VALUE ? null : e.detail());
      throw e;
    } catch (RuntimeException e) {
      ended(failed, start, e.toString());
      throw e;
    }
  }

  @Override
  public void close() {
    backend.close();
  }

  private void ended(Timer timer, long start, @Nullable String failure) {
    long now = System.nanoTime();
    timer.record(Duration.ofNanos(now - start));
    last = new Ending(failure, now);
  }

  private Timer timer(String outcome, MeterRegistry meters) {
    return Timer.builder("mosaic.embedding")
        .description("Calls of the embedding model")
        .tag("backend", backend.embedder().backend())
        .tag("outcome", outcome)
        .register(meters);
  }
}
