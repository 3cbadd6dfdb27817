package io.mosaicdb.coordinator.embedding;

import io.mosaicdb.contract.embedding.EmbedRequest;
import io.mosaicdb.contract.embedding.EmbedderDescription;
import io.mosaicdb.contract.embedding.EmbedderIdentity;
import io.mosaicdb.contract.embedding.EmbeddingApi;
import io.mosaicdb.contract.embedding.PassageSource;
import io.mosaicdb.contract.embedding.PassagesRequest;
import io.mosaicdb.contract.embedding.PassagesResponse;
import io.mosaicdb.contract.embedding.TextKind;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.coordinator.fanout.FanOut;
import io.mosaicdb.model.document.Passage;
import io.mosaicdb.model.document.Vectors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Texts to vectors. Every failure says why; no vector is ever made up. Thread-safe. */
public final class Embedder {
  private static final Duration DESCRIPTION_LIFETIME = Duration.ofSeconds(10);
  private final EmbeddingApi api;
  private final FanOut fanOut;
  private final EmbedderProperties properties;
  private final Semaphore batches;
  private volatile @Nullable Described described;

  private record Described(EmbedderDescription description, long at) {}

  /** A question's vector and the model that made it. */
  public record EmbeddedQuery(float[] vector, EmbedderIdentity embedder) {}

  /**
   * @param embedder the model, as in {@link #nameOf}; null where there was nothing to embed
   * @param passages of each source, in order
   */
  public record EmbeddedDocuments(@Nullable String embedder, List<List<Passage>> passages) {}

  /** With the configuration's defaults. */
  public Embedder(EmbeddingApi api, FanOut fanOut) {
    this(api, fanOut, new EmbedderProperties(Duration.ofMinutes(2), 32, 100_000, 4));
  }

  Embedder(EmbeddingApi api, FanOut fanOut, EmbedderProperties properties) {
    this.api = api;
    this.fanOut = fanOut;
    this.properties = properties;
    this.batches = new Semaphore(properties.parallelBatches(), true);
  }

  /** How commits and worker searches name a model: id, a space, revision. */
  public static String nameOf(EmbedderIdentity embedder) {
    return nameOf(embedder.id(), embedder.revision());
  }

  public static String nameOf(String id, String revision) {
    return id + " " + revision;
  }

  /** The model in force; known for some seconds without asking again. */
  public EmbedderDescription describe() {
    var known = described;
    if (known != null && System.nanoTime() - known.at() < DESCRIPTION_LIFETIME.toNanos()) {
      return known.description();
    }
    var description = withReason(api::embedder);
    described = new Described(description, System.nanoTime());
    return description;
  }

  /** The vector of a question, or a failure when {@code patience} is over. */
  public EmbeddedQuery query(String text, Duration patience) {
    var future =
        fanOut.start(
            () -> withReason(() -> api.embed(new EmbedRequest(TextKind.QUERY, List.of(text)))));
    var response = FanOut.await(future, patience, "embedding the query");
    return new EmbeddedQuery(response.vectors().getFirst().toArray(), response.embedder());
  }

  /** The passages of all sources; fails as a whole. */
  public EmbeddedDocuments passages(List<PassageSource> sources) {
    if (sources.isEmpty()) {
      return new EmbeddedDocuments(null, List.of());
    }
    var calls = new ArrayList<Callable<PassagesResponse>>();
    for (int from = 0; from < sources.size(); ) {
      int to = endOfBatch(sources, from);
      var batch = new PassagesRequest(sources.subList(from, to));
      calls.add(() -> embed(batch));
      from = to;
    }
    var passages = new ArrayList<List<Passage>>(sources.size());
    EmbedderIdentity embedder = null;
    for (var response : fanOut.all(calls)) {
      if (embedder != null && !embedder.equals(response.embedder())) {
        throw new MosaicException(
            ErrorCode.EMBEDDER_UNAVAILABLE,
            "the embedder changed from %s to %s during the request; send it again"
                .formatted(nameOf(embedder), nameOf(response.embedder())));
      }
      embedder = response.embedder();
      for (var source : response.sources()) {
        var list = new ArrayList<Passage>(source.passages().size());
        for (var passage : source.passages()) {
          list.add(
              new Passage(
                  passage.start(), passage.end(), Vectors.toBytes(passage.vector().toArray())));
        }
        passages.add(list);
      }
    }
    if (embedder == null || passages.size() != sources.size()) {
      throw new MosaicException(
          ErrorCode.EMBEDDER_UNAVAILABLE,
          "the embedder answered for %d of %d documents"
              .formatted(passages.size(), sources.size()));
    }
    return new EmbeddedDocuments(nameOf(embedder), passages);
  }

  private int endOfBatch(List<PassageSource> sources, int from) {
    int to = from;
    long characters = 0;
    while (to < sources.size() && to - from < properties.batchDocuments()) {
      characters += sources.get(to).text().length();
      if (to > from && characters > properties.batchCharacters()) {
        break;
      }
      to++;
    }
    return to;
  }

  private PassagesResponse embed(PassagesRequest batch) throws InterruptedException {
    batches.acquire();
    try {
      return withReason(() -> api.passages(batch));
    } finally {
      batches.release();
    }
  }

  /** What the embedder suffers from is the request's embedder_unavailable. */
  private static <T> T withReason(Callable<T> call) {
    try {
      return call.call();
    } catch (MosaicException e) {
      throw switch (e.code()) {
        case SERVICE_UNAVAILABLE, INTERNAL_ERROR, NOT_FOUND ->
            new MosaicException(
                ErrorCode.EMBEDDER_UNAVAILABLE,
                e.detail(),
                List.of(),
                e.retryAfter().orElse(Duration.ofSeconds(1)),
                e);
        default -> e;
      };
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
