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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Texts to vectors. Every failure says why; no vector is ever made up. Thread-safe. */
public final class Embedder {
  private static final Duration DESCRIPTION_LIFETIME = Duration.ofSeconds(10);
  private final EmbeddingApi api;
  private final FanOut fanOut;
  private final EmbedderProperties properties;
  private final Semaphore batches;
  private volatile @Nullable Described described;

  private record Described(List<EmbedderDescription> descriptions, long at) {}

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

  /** The model that answers where none is named; known for some seconds without asking again. */
  public EmbedderDescription describe() {
    return describeAll().getFirst();
  }

  /**
   * The model of that id, null: the one of {@link #describe()}.
   *
   * @throws MosaicException {@code invalid_value} if there is none of that id
   */
  public EmbedderDescription describe(@Nullable String id) {
    if (id == null) {
      return describe();
    }
    var all = describeAll();
    return all.stream()
        .filter(each -> each.id().equals(id))
        .findFirst()
        .orElseThrow(() ->
            MosaicException.invalidValue(
                "/schema/vector/model",
                "must be one of "
                    + all.stream().map(EmbedderDescription::id).collect(Collectors.joining(", "))
                    + ", got '"
                    + id
                    + "'"));
  }

  private List<EmbedderDescription> describeAll() {
    var known = described;
    if (known != null && System.nanoTime() - known.at() < DESCRIPTION_LIFETIME.toNanos()) {
      return known.descriptions();
    }
    var descriptions = withReason(api::embedders);
    described = new Described(descriptions, System.nanoTime());
    return descriptions;
  }

  /** The model if the service knows it; null, whichever answers, if not. */
  private @Nullable String known(@Nullable String model) {
    return model != null && describeAll().stream().anyMatch(each -> each.id().equals(model))
        ? model
        : null;
  }

  /**
   * The vector of a question, or a failure when {@code patience} is over.
   *
   * @param model the id of the model to ask; null or unknown: whichever answers
   */
  public EmbeddedQuery query(String text, @Nullable String model, Duration patience) {
    var future =
        fanOut.start(() ->
            withReason(
                () -> api.embed(new EmbedRequest(TextKind.QUERY, List.of(text), known(model)))));
    var response = FanOut.await(future, patience, "embedding the query");
    return new EmbeddedQuery(response.vectors().getFirst().toArray(), response.embedder());
  }

  /**
   * The passages of all sources; fails as a whole.
   *
   * @param model the id of the model to ask; null or unknown: whichever answers
   */
  public EmbeddedDocuments passages(List<PassageSource> sources, @Nullable String model) {
    if (sources.isEmpty()) {
      return new EmbeddedDocuments(null, List.of());
    }
    var asked = known(model);
    var calls = new ArrayList<Callable<PassagesResponse>>();
    for (int from = 0; from < sources.size(); ) {
      int to = endOfBatch(sources, from);
      var batch = new PassagesRequest(sources.subList(from, to), asked);
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
