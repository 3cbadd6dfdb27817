package io.mosaicdb.worker.rebuild;

import io.mosaicdb.contract.embedding.EmbedderDescription;
import io.mosaicdb.contract.embedding.EmbeddingApi;
import io.mosaicdb.contract.embedding.PassageSource;
import io.mosaicdb.contract.embedding.PassagesRequest;
import io.mosaicdb.contract.embedding.PassagesResponse;
import io.mosaicdb.contract.error.ErrorCategory;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.document.Passage;
import io.mosaicdb.model.document.Vectors;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Embeds stored documents again, some at a time. For one thread. */
final class Reembedding {
  private final EmbeddingApi api;
  private final EmbedderDescription embedder;
  private final RebuildProperties properties;
  private boolean hurried;

  Reembedding(EmbeddingApi api, EmbedderDescription embedder, RebuildProperties properties) {
    this.api = api;
    this.embedder = embedder;
    this.properties = properties;
  }

  /** As commits name the model. */
  String model() {
    return embedder.id() + " " + embedder.revision();
  }

  /** No more pauses. */
  void hurry() {
    hurried = true;
  }

  /**
   * The passages of each document, in their order; fewer if it was stopped.
   *
   * @throws IOException if the service does not answer after all attempts, or another model does
   */
  List<List<Passage>> passages(List<Document> documents, BooleanSupplier stop) throws IOException {
    var all = new ArrayList<List<Passage>>(documents.size());
    for (int from = 0; from < documents.size() && !stop.getAsBoolean(); ) {
      int to = Math.min(documents.size(), from + properties.batchDocuments());
      var sources = new ArrayList<PassageSource>(to - from);
      for (Document document : documents.subList(from, to)) {
        sources.add(new PassageSource(document.fields().get("title"), document.text("text")));
      }
      long start = System.nanoTime();
      var response = call(new PassagesRequest(sources, embedder.id()), stop);
      if (!response.embedder().equals(embedder.identity())) {
        throw new IOException(
            "the embedder changed from %s to %s during the rebuild"
                .formatted(embedder.identity(), response.embedder()));
      }
      if (response.sources().size() != sources.size()) {
        throw new IOException(
            "the embedder answered for %d of %d documents"
                .formatted(response.sources().size(), sources.size()));
      }
      for (var source : response.sources()) {
        all.add(
            source.passages().stream()
                .map(each ->
                    new Passage(each.start(), each.end(), Vectors.toBytes(each.vector().toArray())))
                .toList());
      }
      from = to;
      if (!hurried && from < documents.size()) {
        pause((long) ((System.nanoTime() - start) * (1 / properties.share() - 1)), stop);
      }
    }
    return all;
  }

  private PassagesResponse call(PassagesRequest request, BooleanSupplier stop) throws IOException {
    long wait = Duration.ofSeconds(1).toNanos();
    for (int attempt = 1; ; attempt++) {
      try {
        return api.passages(request);
      } catch (MosaicException e) {
        boolean passing =
            e.code().category() == ErrorCategory.UNAVAILABLE
                || e.code().category() == ErrorCategory.RESOURCES;
        if (!passing || attempt >= properties.attempts() || stop.getAsBoolean()) {
          throw new IOException(
              "documents cannot be embedded, after %d attempts: %s".formatted(attempt, e.detail()),
              e);
        }
        pause(Math.min(wait, properties.longestWait().toNanos()), stop);
        wait *= 2;
      }
    }
  }

  private static void pause(long nanos, BooleanSupplier stop) throws InterruptedIOException {
    long until = System.nanoTime() + nanos;
    try {
      while (System.nanoTime() < until && !stop.getAsBoolean()) {
        Thread.sleep(Duration.ofNanos(Math.min(until - System.nanoTime(), 200_000_000L)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the worker is stopping");
    }
  }
}
