package io.mosaicdb.embedding;

import io.mosaicdb.contract.embedding.EmbedRequest;
import io.mosaicdb.contract.embedding.EmbedResponse;
import io.mosaicdb.contract.embedding.EmbeddedPassage;
import io.mosaicdb.contract.embedding.EmbeddingVector;
import io.mosaicdb.contract.embedding.PassageSource;
import io.mosaicdb.contract.embedding.PassagesRequest;
import io.mosaicdb.contract.embedding.PassagesResponse;
import io.mosaicdb.contract.embedding.SourcePassages;
import io.mosaicdb.contract.embedding.TextKind;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.embedding.backend.Embedder;
import io.mosaicdb.embedding.backend.EmbeddingBackend;
import io.mosaicdb.embedding.cache.CacheKey;
import io.mosaicdb.embedding.cache.EmbeddingCache;
import io.mosaicdb.embedding.passage.Passage;
import io.mosaicdb.embedding.passage.PassageSplitter;
import io.mosaicdb.embedding.queue.EmbeddingQueue;
import io.mosaicdb.embedding.queue.WaitingText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Answers what the service is asked. Safe for use by several threads; calls block. */
final class Embeddings implements AutoCloseable {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final EmbeddingBackend backend;
  private final EmbeddingQueue queue;
  private final EmbeddingCache cache;
  private final PassageSplitter splitter;
  private final ExecutorService tokenizing;
  private final RequestProperties limits;

  /**
   * @param tokenizing platform threads for the native tokenizer, which would hold up every virtual
   *     thread that shares its carrier; closed with this
   */
  Embeddings(
      EmbeddingBackend backend,
      EmbeddingQueue queue,
      EmbeddingCache cache,
      PassageSplitter splitter,
      ExecutorService tokenizing,
      RequestProperties limits) {
    this.backend = backend;
    this.queue = queue;
    this.cache = cache;
    this.splitter = splitter;
    this.tokenizing = tokenizing;
    this.limits = limits;
  }

  Embedder embedder() {
    return backend.embedder();
  }

  EmbedResponse embed(EmbedRequest request) {
    List<String> texts = request.texts();
    requireCount("/texts", texts.size());
    long deadline = deadline(request.kind());
    var truncated = new ArrayList<Integer>();
    var finished = new ArrayList<String>(texts.size());
    for (int i = 0; i < texts.size(); i++) {
      String pointer = "/texts/" + i;
      String text = texts.get(i);
      requireSize(pointer, text);
      if (text.isBlank()) {
        throw MosaicException.invalidValue(pointer, "must not be blank");
      }
      String whole = embedder().prefix(request.kind()) + text;
      String readable = readable(pointer, request.kind(), whole, deadline);
      if (readable.length() < whole.length()) {
        truncated.add(i);
      }
      finished.add(readable);
    }
    return new EmbedResponse(
        embedder().identity(), vectors(request.kind(), finished, deadline), truncated);
  }

  PassagesResponse passages(PassagesRequest request) {
    List<PassageSource> sources = request.sources();
    requireCount("/sources", sources.size());
    for (int i = 0; i < sources.size(); i++) {
      requireSize("/sources/" + i + "/text", sources.get(i).text());
    }
    long deadline = deadline(TextKind.PASSAGE);
    List<List<Passage>> passages =
        onPlatformThread(
            () ->
                sources.stream()
                    .map(source -> splitter.split(source.title(), source.text()))
                    .toList(),
            deadline);
    List<String> texts = passages.stream().flatMap(List::stream).map(Passage::embedded).toList();
    var vectors = vectors(TextKind.PASSAGE, texts, deadline).iterator();
    return new PassagesResponse(
        embedder().identity(),
        passages.stream()
            .map(source ->
                new SourcePassages(
                    source.stream()
                        .map(p -> new EmbeddedPassage(p.start(), p.end(), vectors.next()))
                        .toList()))
            .toList());
  }

  @Override
  public void close() {
    tokenizing.shutdownNow();
  }

  /** The text, or as much of a query's beginning as the model reads. */
  private String readable(String pointer, TextKind kind, String text, long deadline) {
    int room = embedder().maxTokens() - backend.tokens().added();
    // A tokenizer that knows nothing of a character makes a token of each of its bytes.
    if (text.length() * 4L <= room) {
      return text;
    }
    return onPlatformThread(
        () -> {
          String beginning = splitter.beginning(text, room);
          if (kind == TextKind.PASSAGE && beginning.length() < text.length()) {
            throw MosaicException.invalidValue(
                pointer,
                "must have at most "
                    + room
                    + " tokens to be read whole by the model; ask for passages instead");
          }
          return beginning;
        },
        deadline);
  }

  private List<EmbeddingVector> vectors(TextKind kind, List<String> texts, long deadline) {
    var vectors = new ArrayList<CompletableFuture<EmbeddingVector>>(texts.size());
    var missing = new ArrayList<WaitingText>();
    for (String text : texts) {
      EmbeddingCache.Claim claim = cache.claim(CacheKey.of(embedder().identity(), kind, text));
      vectors.add(claim.vector());
      if (claim.owned()) {
        missing.add(new WaitingText(text, claim.vector(), deadline));
      }
    }
    try {
      if (!missing.isEmpty()) {
        queue.submit(kind, missing);
      }
    } catch (MosaicException e) {
      missing.forEach(text -> text.vector().completeExceptionally(e));
      throw e;
    }
    return vectors.stream().map(vector -> await(vector, deadline)).toList();
  }

  private <T> T onPlatformThread(Callable<T> task, long deadline) {
    try {
      return await(tokenizing.submit(task), deadline);
    } catch (RejectedExecutionException e) {
      throw new MosaicException(
          ErrorCode.OVERLOADED,
          "more texts wait to be split into tokens than may",
          List.of(),
          RETRY_AFTER,
          e);
    }
  }

  private static <T> T await(Future<T> future, long deadline) {
    try {
      return future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new MosaicException(
          ErrorCode.DEADLINE_EXCEEDED, "the embedding model did not finish in time", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof MosaicException failure) {
        throw failure;
      }
      throw new IllegalStateException("embedding failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MosaicException(
          ErrorCode.EMBEDDER_UNAVAILABLE, "interrupted while waiting for the embedding model", e);
    }
  }

  private long deadline(TextKind kind) {
    Duration timeout =
        switch (kind) {
          case QUERY -> limits.queryTimeout();
          case PASSAGE -> limits.passageTimeout();
        };
    return System.nanoTime() + timeout.toNanos();
  }

  private void requireCount(String pointer, int count) {
    if (count > limits.maxTexts()) {
      throw MosaicException.at(
          ErrorCode.PAYLOAD_TOO_LARGE,
          pointer,
          "must have at most " + limits.maxTexts() + " entries, got " + count);
    }
  }

  private void requireSize(String pointer, String text) {
    if (text.length() > limits.maxTextLength()) {
      throw MosaicException.at(
          ErrorCode.PAYLOAD_TOO_LARGE,
          pointer,
          "must have at most " + limits.maxTextLength() + " chars, got " + text.length());
    }
  }
}
