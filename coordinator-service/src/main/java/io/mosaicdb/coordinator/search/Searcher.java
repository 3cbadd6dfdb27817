package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.error.ErrorCategory;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.contract.search.SearchResponse;
import io.mosaicdb.contract.search.SearchResponse.CoverageBody;
import io.mosaicdb.contract.search.SearchResponse.DegradedBody;
import io.mosaicdb.contract.search.SearchResponse.HitBody;
import io.mosaicdb.contract.search.SearchResponse.LegBody;
import io.mosaicdb.contract.search.SearchResponse.PartitionSnapshot;
import io.mosaicdb.contract.search.SearchResponse.ScoresBody;
import io.mosaicdb.contract.search.SearchResponse.SnapshotBody;
import io.mosaicdb.contract.search.SearchResponse.TimingsBody;
import io.mosaicdb.contract.search.SearchResponse.TotalBody;
import io.mosaicdb.contract.worker.FetchRequest;
import io.mosaicdb.contract.worker.FetchResponse;
import io.mosaicdb.contract.worker.WorkerSearchResponse;
import io.mosaicdb.coordinator.embedding.Embedder;
import io.mosaicdb.coordinator.fanout.FanOut;
import io.mosaicdb.coordinator.namespace.NamespaceCatalog;
import io.mosaicdb.coordinator.position.Position;
import io.mosaicdb.coordinator.search.Candidates.Candidate;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.model.document.Vectors;
import io.mosaicdb.model.ranking.ScoredId;
import io.mosaicdb.starter.request.RequestId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Answers searches: check, embed, scatter, fuse, fetch. Without the embedder a hybrid search falls
 * to words and says so; a semantic one fails. Thread-safe.
 *
 * <p>BM25's statistics are those of each worker's own part of the namespace. With one worker that
 * is the namespace; with several, word scores of different workers are comparable only as far as
 * their parts are alike.
 */
public final class Searcher {
  private final NamespaceCatalog catalog;
  private final Embedder embedder;
  private final Scatter scatter;
  private final FanOut fanOut;
  private final SearchCheck check;

  /** With the configuration's default limits. */
  public Searcher(
      NamespaceCatalog catalog, WorkerTopology topology, Embedder embedder, FanOut fanOut) {
    this(catalog, topology, embedder, fanOut, SearchProperties.standard());
  }

  Searcher(
      NamespaceCatalog catalog,
      WorkerTopology topology,
      Embedder embedder,
      FanOut fanOut,
      SearchProperties limits) {
    this.catalog = catalog;
    this.embedder = embedder;
    this.scatter = new Scatter(topology, fanOut);
    this.fanOut = fanOut;
    this.check = new SearchCheck(limits);
  }

  public SearchResponse search(NamespaceName namespace, SearchRequest request) {
    return search(namespace, request, UnaryOperator.identity());
  }

  /**
   * Leaves out hits whose vector score is below {@code similarity}, or unknown; the ranking is that
   * of the request's mode.
   */
  public SearchResponse searchSimilar(
      NamespaceName namespace, SearchRequest request, double similarity) {
    return search(namespace, request, query -> query.withMinSimilarity(similarity));
  }

  private SearchResponse search(
      NamespaceName namespace, SearchRequest request, UnaryOperator<SearchQuery> refine) {
    long start = System.nanoTime();
    try {
      return run(refine.apply(check.check(request, catalog.load(namespace))), start);
    } catch (MosaicException e) {
      switch (e.code()) {
        // The lease ran out between search and fetch, or the definition was out of date.
        case SNAPSHOT_GONE -> {}
        case NAMESPACE_NOT_FOUND -> catalog.forget(namespace);
        default -> throw e;
      }
      return run(refine.apply(check.check(request, catalog.load(namespace))), start);
    }
  }

  /** The vector of the query and where it is from; {@code missing} says why there is none. */
  private record QueryVector(
      byte @Nullable [] bytes, @Nullable String embedder, @Nullable MosaicException missing) {}

  private SearchResponse run(SearchQuery query, long start) {
    long deadline = start + query.timeout().toNanos();
    var vector = vector(query, deadline);
    long embedded = System.nanoTime();
    Scatter.Gathered gathered;
    try {
      gathered = scatter.search(query, vector.bytes(), vector.embedder(), deadline);
    } catch (MosaicException e) {
      // The worker holds vectors of another model than the one in force.
      if (e.code() != ErrorCode.EMBEDDER_UNAVAILABLE || query.mode() != SearchMode.HYBRID) {
        throw e;
      }
      vector = new QueryVector(null, null, e);
      gathered = scatter.search(query, null, null, deadline);
    }
    long searched = System.nanoTime();
    var degraded = new ArrayList<DegradedBody>();
    var ran = query.mode();
    if (vector.missing() != null) {
      ran = SearchMode.KEYWORD;
      degraded.add(
          new DegradedBody(
              "semantic_leg_missing",
              "found by words alone, vectors cannot be searched: " + vector.missing().detail()));
    }
    degraded.addAll(gathered.degraded());
    var shards = gathered.shards();
    boolean full = shards.timedOut() == 0 && shards.failed() == 0;
    if (!query.allowPartial() && (!full || !degraded.isEmpty())) {
      throw new MosaicException(
          ErrorCode.PARTIAL_NOT_ALLOWED,
          degraded.isEmpty()
              ? "%d of %d shards did not answer"
                  .formatted(shards.timedOut() + shards.failed(), shards.total())
              : degraded.getFirst().detail(),
          List.of(),
          Duration.ofSeconds(1),
          null);
    }
    var answers = gathered.answers();
    var text = leg(answers, WorkerSearchResponse::text, query);
    var vectors = leg(answers, WorkerSearchResponse::vector, query);
    var ranking = ranking(query, ran, text, vectors);
    var page = page(query, ranking, vectors);
    long merged = System.nanoTime();
    var hits = hits(query, ran, page, text, vectors, answers);
    long fetched = System.nanoTime();
    var note = vector.missing() == null ? "" : "vectors cannot be searched";
    return new SearchResponse(
        hits,
        total(ran, ranking, text, answers),
        null,
        null,
        snapshot(query, answers),
        new CoverageBody(full, shards, degraded),
        milliseconds(start, fetched),
        new TimingsBody(
            milliseconds(start, embedded),
            0,
            milliseconds(embedded, searched),
            milliseconds(searched, merged),
            milliseconds(merged, fetched)),
        query.explain() ? SearchPlan.of(query, ran, note, answers) : null,
        query.explain() ? SearchPlan.routing(answers) : null,
        null,
        null,
        null,
        RequestId.currentOrNew());
  }

  private QueryVector vector(SearchQuery query, long deadline) {
    if (!query.wantsVector()) {
      return new QueryVector(null, null, null);
    }
    if (query.vector() != null) {
      return new QueryVector(Vectors.toBytes(query.vector()), null, null);
    }
    var text = query.text();
    if (text == null) {
      throw new IllegalStateException("a vector leg without words or vector");
    }
    var left = Duration.ofNanos(deadline - System.nanoTime());
    // Words can still be searched in the other half when the embedder is slow.
    var patience = query.mode() == SearchMode.HYBRID ? left.dividedBy(2) : left;
    try {
      var embedded = embedder.query(text, patience);
      return new QueryVector(
          Vectors.toBytes(embedded.vector()), Embedder.nameOf(embedded.embedder()), null);
    } catch (MosaicException e) {
      if (query.mode() != SearchMode.HYBRID || e.code().category() == ErrorCategory.USER) {
        throw e;
      }
      return new QueryVector(null, null, e);
    }
  }

  private interface Leg {
    List<WorkerSearchResponse.LegHit> of(WorkerSearchResponse response);
  }

  private static Candidates leg(List<Scatter.Answer> answers, Leg leg, SearchQuery query) {
    var lists = new ArrayList<List<WorkerSearchResponse.LegHit>>(answers.size());
    for (var answer : answers) {
      lists.add(leg.of(answer.response()));
    }
    return Candidates.merge(lists, query.candidates());
  }

  private static List<ScoredId> ranking(
      SearchQuery query, SearchMode ran, Candidates text, Candidates vector) {
    return switch (ran) {
      case KEYWORD -> text.ranking();
      case SEMANTIC -> vector.ranking();
      case HYBRID -> query.fusion().fuse(text.ranking(), vector.ranking());
    };
  }

  private static List<ScoredId> page(
      SearchQuery query, List<ScoredId> ranking, Candidates vectors) {
    var page = new ArrayList<ScoredId>(query.limit());
    for (var scored : ranking) {
      if (page.size() == query.limit()) {
        break;
      }
      if (query.minScore() != null && scored.score() < query.minScore()) {
        break;
      }
      if (query.minSimilarity() != null) {
        var similar = vectors.find(scored.id());
        if (similar == null || similar.hit().score() < query.minSimilarity()) {
          continue;
        }
      }
      page.add(scored);
    }
    return page;
  }

  /** Fetches what the page shows, from each worker its own hits. */
  private List<HitBody> hits(
      SearchQuery query,
      SearchMode ran,
      List<ScoredId> page,
      Candidates text,
      Candidates vector,
      List<Scatter.Answer> answers) {
    var wanted = new TreeMap<Integer, List<FetchRequest.WantedHit>>();
    var positions = new TreeMap<Integer, List<Integer>>();
    for (int i = 0; i < page.size(); i++) {
      // The vector leg knows the best passage.
      var byVector = vector.find(page.get(i).id());
      var best = byVector == null ? text.find(page.get(i).id()) : byVector;
      if (best == null) {
        throw new IllegalStateException("a hit of no leg");
      }
      wanted
          .computeIfAbsent(best.answer(), _ -> new ArrayList<>())
          .add(new FetchRequest.WantedHit(best.hit().ref(), best.hit().passage()));
      positions.computeIfAbsent(best.answer(), _ -> new ArrayList<>()).add(i);
    }
    var calls = new ArrayList<Callable<FetchResponse>>();
    wanted.forEach((answer, hits) -> calls.add(() -> fetch(query, ran, answers.get(answer), hits)));
    var bodies = new @Nullable HitBody[page.size()];
    var responses = calls.isEmpty() ? List.<FetchResponse>of() : fanOut.all(calls);
    int next = 0;
    for (var at : positions.values()) {
      var response = responses.get(next++);
      for (int i = 0; i < at.size(); i++) {
        var scored = page.get(at.get(i));
        bodies[at.get(i)] = hit(query, ran, scored, response.hits().get(i), text, vector);
      }
    }
    var hits = new ArrayList<HitBody>(bodies.length);
    for (var body : bodies) {
      if (body != null) {
        hits.add(body);
      }
    }
    return hits;
  }

  private static FetchResponse fetch(
      SearchQuery query, SearchMode ran, Scatter.Answer answer, List<FetchRequest.WantedHit> hits) {
    var request =
        new FetchRequest(
            answer.response().lease(),
            hits,
            query.fields(),
            query.text(),
            query.highlightFields(),
            query.fragments(),
            query.explain() && ran != SearchMode.SEMANTIC);
    var response = answer.worker().api().fetch(query.definition().name().value(), request);
    if (response.hits().size() != hits.size()) {
      throw new MosaicException(
          ErrorCode.INTERNAL_ERROR,
          "worker %s fetched %d of %d hits"
              .formatted(answer.worker().id(), response.hits().size(), hits.size()));
    }
    return response;
  }

  private static HitBody hit(
      SearchQuery query,
      SearchMode ran,
      ScoredId scored,
      FetchResponse.FetchedHit fetched,
      Candidates text,
      Candidates vector) {
    return new HitBody(
        scored.id(),
        scored.score(),
        fetched.fields(),
        fetched.passage(),
        fetched.highlights(),
        new ScoresBody(leg(text.find(scored.id())), leg(vector.find(scored.id())), 0.0, null, null),
        fetched.shardId(),
        null,
        null,
        query.explain()
            ? Explanations.of(ran, query.fusion(), scored, text, vector, fetched.text())
            : null);
  }

  private static @Nullable LegBody leg(@Nullable Candidate candidate) {
    return candidate == null ? null : new LegBody(candidate.hit().score(), candidate.rank());
  }

  /**
   * How many documents match. In a hybrid search those that only the vector leg found count as
   * well, and a text leg that was cut makes it a lower bound.
   */
  private static TotalBody total(
      SearchMode ran, List<ScoredId> ranking, Candidates text, List<Scatter.Answer> answers) {
    long value = 0;
    boolean exact = true;
    for (var answer : answers) {
      value += answer.response().total().value();
      exact &= answer.response().total().relation().equals("eq");
    }
    if (ran == SearchMode.HYBRID) {
      boolean allMatchesListed = text.ranking().size() >= value && exact;
      exact = allMatchesListed;
      value = Math.max(value, ranking.size());
    }
    return new TotalBody(value, exact ? "eq" : "gte");
  }

  private static SnapshotBody snapshot(SearchQuery query, List<Scatter.Answer> answers) {
    var partitions = new TreeMap<String, PartitionSnapshot>();
    var commits = new TreeMap<Integer, Long>();
    for (var answer : answers) {
      for (Map.Entry<String, PartitionSnapshot> entry : answer.response().partitions().entrySet()) {
        partitions.put(entry.getKey(), entry.getValue());
        commits.put(Integer.parseInt(entry.getKey()), entry.getValue().commitSeq());
      }
    }
    var definition = query.definition();
    return new SnapshotBody(
        Position.of(definition.name(), commits).token(), partitions, definition.embedder());
  }

  private static double milliseconds(long from, long to) {
    return Math.round((to - from) / 1_000.0) / 1_000.0;
  }
}
