package io.mosaicdb.coordinator.search;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.contract.search.SearchResponse;
import io.mosaicdb.coordinator.cursor.CursorProperties;
import io.mosaicdb.coordinator.embedding.Embedder;
import io.mosaicdb.coordinator.fanout.FanOut;
import io.mosaicdb.coordinator.namespace.NamespaceCatalog;
import io.mosaicdb.coordinator.position.Position;
import io.mosaicdb.coordinator.rerank.SecondPhaseReranker;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.model.NamespaceName;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Answers searches: check, retrieve, rank, fetch, assemble. Thread-safe.
 *
 * <p>BM25's statistics are those of each worker's own part of the namespace. With one worker that
 * is the namespace; with several, word scores of different workers are comparable only as far as
 * their parts are alike.
 */
public final class Searcher {
  /** As deep as a walk's window may be. */
  private static final int MOST_CANDIDATES = 10_000;

  private static final int DEEPER = 4;

  private final SearchMeters meters;
  private final NamespaceCatalog catalog;
  private final SearchCheck check;
  private final Retrieval retrieval;
  private final Ranking ranking;
  private final HitFetcher fetcher;
  private final Walks walks;
  private final SearchProperties limits;
  private final @Nullable AnswerCache cache;
  private final Suggester suggester;

  /** With the configuration's default limits. */
  public Searcher(
      NamespaceCatalog catalog, WorkerTopology topology, Embedder embedder, FanOut fanOut) {
    this(
        catalog,
        topology,
        embedder,
        fanOut,
        SearchProperties.standard(),
        SecondPhaseReranker.NONE,
        InstantSource.system());
  }

  /** Without a cache: every search is made anew. */
  Searcher(
      NamespaceCatalog catalog,
      WorkerTopology topology,
      Embedder embedder,
      FanOut fanOut,
      SearchProperties limits,
      SecondPhaseReranker secondPhase,
      InstantSource clock) {
    this(
        catalog,
        topology,
        embedder,
        fanOut,
        limits,
        CursorProperties.standard(),
        secondPhase,
        clock,
        null,
        new SearchMeters(new SimpleMeterRegistry()));
  }

  /**
   * @param cache null: every search is made anew
   */
  Searcher(
      NamespaceCatalog catalog,
      WorkerTopology topology,
      Embedder embedder,
      FanOut fanOut,
      SearchProperties limits,
      CursorProperties cursors,
      SecondPhaseReranker secondPhase,
      InstantSource clock,
      @Nullable AnswerCache cache,
      SearchMeters meters) {
    this.meters = meters;
    this.catalog = catalog;
    this.limits = limits;
    this.cache = cache;
    this.check = new SearchCheck(limits, secondPhase);
    this.retrieval =
        new Retrieval(
            new QueryVectors(embedder), new Scatter(topology, fanOut), catalog::isOutdated);
    this.fetcher = new HitFetcher(fanOut, topology);
    this.ranking =
        new Ranking(new CandidateReader(fanOut), new Rescoring(secondPhase, fetcher), clock);
    this.suggester = new Suggester(catalog, topology, fanOut, limits);
    this.walks =
        new Walks(retrieval, ranking, fetcher, new CursorWindowsInMemory(cursors, clock), cursors);
  }

  public SearchResponse search(NamespaceName namespace, SearchRequest request) {
    return search(namespace, request, Refinement.NONE);
  }

  /**
   * Leaves out hits whose vector score is below {@code similarity}, or unknown; the ranking is that
   * of the request's mode.
   */
  public SearchResponse searchSimilar(
      NamespaceName namespace, SearchRequest request, double similarity) {
    return search(
        namespace,
        request,
        new Refinement(
            "min_similarity " + similarity, query -> query.withMinSimilarity(similarity)));
  }

  /** The counts of a search that has facets, and no hits. */
  public SearchResponse count(NamespaceName namespace, SearchRequest request) {
    return search(namespace, request, new Refinement("counts", SearchQuery::withoutHits));
  }

  /**
   * As if the document of that id were not there.
   *
   * @param model whose vector is looked for, null: the client's
   */
  SearchResponse searchWithout(
      NamespaceName namespace, SearchRequest request, String id, @Nullable String model) {
    return search(
        namespace, request, new Refinement("without " + id, query -> query.without(id, model)));
  }

  private SearchResponse search(
      NamespaceName namespace, SearchRequest request, Refinement refinement) {
    return meters.measure(() -> find(namespace, request, refinement));
  }

  private SearchResponse find(
      NamespaceName namespace, SearchRequest request, Refinement refinement) {
    long start = System.nanoTime();
    if (cache == null) {
      return searchAnew(namespace, request, refinement, start).response();
    }
    var key = cache.keyOf(namespace, request, refinement.name());
    if (key.isEmpty()) {
      return searchAnew(namespace, request, refinement, start).response();
    }
    var kept = cache.find(key.get(), namespace, request, limits.timeout(), start);
    if (kept.isPresent()) {
      return kept.get();
    }
    try {
      var answer = searchAnew(namespace, request, refinement, start);
      cache.keep(key.get(), answer.response(), answer.receipts());
      return answer.response();
    } catch (MosaicException e) {
      if (!Boolean.TRUE.equals(request.staleIfError())) {
        throw e;
      }
      return cache.findStale(key.get(), e, start).orElseThrow(() -> e);
    }
  }

  /**
   * What a service's own request asks beyond what the public interface can say.
   *
   * @param name tells it from every other
   */
  private record Refinement(String name, UnaryOperator<SearchQuery> of) {
    static final Refinement NONE = new Refinement("", UnaryOperator.identity());
  }

  /** An answer, and what the workers say it was read from. */
  private record Made(SearchResponse response, List<String> receipts) {}

  private Made searchAnew(
      NamespaceName namespace, SearchRequest request, Refinement refinement, long start) {
    var query = checked(namespace, request, refinement);
    try {
      return run(request, query, start);
    } catch (MosaicException e) {
      switch (e.code()) {
        // The namespace may have gone over to another model since its definition was read.
        case EMBEDDER_UNAVAILABLE -> {
          if (!catalog.isOutdated(query.definition())) {
            throw e;
          }
        }
        // The lease ran out between search and fetch, or the definition was out of date.
        case SNAPSHOT_GONE -> {
          if (e.nearest().isPresent()) {
            throw e;
          }
        }
        case NAMESPACE_NOT_FOUND -> catalog.forget(namespace);
        default -> throw e;
      }
      return run(request, checked(namespace, request, refinement), start);
    }
  }

  private SearchQuery checked(
      NamespaceName namespace, SearchRequest request, Refinement refinement) {
    return refinement.of().apply(check.check(request, catalog.load(namespace)));
  }

  private Made run(SearchRequest request, SearchQuery query, long start) {
    try {
      return query.cursor() == null
          ? answer(request, query, start)
          : new Made(walks.page(request, query, start), List.of());
    } catch (MosaicException e) {
      throw Position.named(query.definition().name(), query.asOf(), e);
    }
  }

  private Made answer(SearchRequest request, SearchQuery asked, long start) {
    long deadline = start + asked.timeout().toNanos();
    var query = asked;
    var retrieved = retrieval.retrieve(query, deadline);
    var ranked = ranking.rank(query, retrieved, deadline);
    while (!ranked.settled() && query.candidates() < MOST_CANDIDATES) {
      query = query.withCandidates(Math.min(MOST_CANDIDATES, DEEPER * query.candidates()));
      retrieved = retrieval.retrieve(query, deadline);
      ranked = ranking.rank(query, retrieved, deadline);
    }
    Completeness.require(query, retrieved.shards(), ranked.degraded());
    var page = ranking.page(query, ranked);
    long rankedAt = System.nanoTime();
    var fetched = fetcher.fetch(query, retrieved, page);
    var answer =
        Answers.of(query, retrieved, ranked, page, fetched, start, rankedAt)
            .withDidYouMean(suggester.didYouMean(query, retrieved))
            .withNextCursor(walks.begin(request, query, retrieved, ranked, page));
    var receipts = retrieved.answers().stream().map(each -> each.response().receipt()).toList();
    return new Made(answer, receipts);
  }
}
