package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.contract.search.SearchResponse;
import io.mosaicdb.coordinator.cursor.Cursor;
import io.mosaicdb.coordinator.cursor.CursorProperties;
import io.mosaicdb.coordinator.cursor.Digest;
import io.mosaicdb.coordinator.cursor.RequestPrint;
import io.mosaicdb.coordinator.position.Position;
import io.mosaicdb.model.ranking.RankedHit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Walks: a search and the pages after it, none of which repeats or skips a hit, whatever is
 * written, sealed or merged meanwhile.
 *
 * <p>A search that is never followed up costs nothing extra: its answer carries a cursor with the
 * snapshot and the ids that it gave. The first page that is asked for with it fixes the window: the
 * search as of that snapshot, deep and exact, without those ids. The answer then depends on the
 * documents alone and not on how they are stored, so that a window that was forgotten, by time, by
 * lack of memory or by a restart, is found again and is the same. A cursor carries a digest of its
 * window: should it not be the same, the walk ends with {@code snapshot_gone}, never with a guess.
 *
 * <p>The empty cursor starts a walk whose first page is cut from the window already.
 */
final class Walks {
  private final Retrieval retrieval;
  private final Ranking ranking;
  private final HitFetcher fetcher;
  private final CursorWindows windows;
  private final int depth;

  Walks(
      Retrieval retrieval,
      Ranking ranking,
      HitFetcher fetcher,
      CursorWindows windows,
      CursorProperties bounds) {
    this.retrieval = retrieval;
    this.ranking = ranking;
    this.fetcher = fetcher;
    this.windows = windows;
    this.depth = bounds.window();
  }

  /**
   * What leads on from the answer of a search; null where it ends here, or where something is
   * missing from it, so that nobody could say what follows.
   */
  @Nullable String begin(
      SearchRequest request,
      SearchQuery query,
      Retrieved retrieved,
      Ranked ranked,
      List<RankedHit> page) {
    boolean more =
        query.limit() > 0
            && page.size() == query.limit()
            && (ranked.hits().size() > page.size() || !ranked.whole());
    if (!more
        || page.size() >= depth
        || query.minSimilarity() != null
        || query.without() != null
        || !isWhole(retrieved, ranked)) {
      return null;
    }
    var seen = page.stream().map(hit -> Digest.of(hit.id())).toList();
    return new Cursor(position(query, retrieved), RequestPrint.of(request), seen, 0, 0).token();
  }

  /**
   * The page that the request's cursor leads to.
   *
   * @throws MosaicException {@code invalid_cursor}, {@code snapshot_gone}; {@code
   *     partial_not_allowed} if a part of the namespace cannot be read at the moment
   */
  SearchResponse page(SearchRequest request, SearchQuery query, long start) {
    var token = Objects.requireNonNull(query.cursor());
    return token.isEmpty() ? first(request, query, start) : next(token, request, query, start);
  }

  private SearchResponse first(SearchRequest request, SearchQuery query, long start) {
    var window = retrieve(query.inWindow(query.asOf(), depth), List.of(), start);
    var cursor =
        new Cursor(position(query, window.retrieved()), RequestPrint.of(request), List.of(), 0, 0);
    windows.keep(key(cursor, query), window);
    return cut(query, window, cursor, start);
  }

  private SearchResponse next(String token, SearchRequest request, SearchQuery query, long start) {
    var definition = query.definition();
    var cursor = Cursor.parse(token, definition.name(), definition.partitions());
    requireSameRequest(cursor, request, query);
    try {
      var window = windows.find(key(cursor, query)).orElse(null);
      if (window == null) {
        window = retrieve(query.inWindow(cursor.position(), depth), cursor.seen(), start);
        windows.keep(key(cursor, query), window);
      }
      if (cursor.digest() != 0 && cursor.digest() != window.digest()) {
        throw new MosaicException(
            ErrorCode.SNAPSHOT_GONE,
            "the walk cannot be continued as it began: the namespace's schema, embedder or ranks"
                + " have changed; start it again");
      }
      return cut(query, window, cursor, start);
    } catch (MosaicException e) {
      throw Position.named(definition.name(), cursor.position(), e);
    }
  }

  private static void requireSameRequest(Cursor cursor, SearchRequest request, SearchQuery query) {
    var differences = new ArrayList<>(cursor.print().differences(RequestPrint.of(request)));
    if (query.asOf() != null && !query.asOf().equals(cursor.position())) {
      differences.add("as_of");
    }
    if (!differences.isEmpty()) {
      throw MosaicException.at(
          ErrorCode.INVALID_CURSOR,
          "/cursor",
          "was issued for another request: " + String.join(", ", differences) + " differ");
    }
  }

  private static CursorWindow.Key key(Cursor cursor, SearchQuery query) {
    return new CursorWindow.Key(cursor.position(), cursor.print(), cursor.seen(), query.explain());
  }

  private CursorWindow retrieve(SearchQuery query, List<Long> seen, long start) {
    long deadline = start + query.timeout().toNanos();
    var retrieved = retrieval.retrieve(query, deadline);
    var ranked = ranking.rank(query, retrieved, deadline);
    if (!isWhole(retrieved, ranked)) {
      throw new MosaicException(
          ErrorCode.PARTIAL_NOT_ALLOWED,
          "a walk cannot go on while a part of the namespace is missing: "
              + missing(retrieved, ranked),
          List.of(),
          Duration.ofSeconds(1),
          null);
    }
    var given = new HashSet<>(seen);
    var hits = new ArrayList<RankedHit>();
    for (RankedHit hit : ranked.hits()) {
      if (hits.size() + given.size() >= depth) {
        break;
      }
      if (given.isEmpty() || !given.contains(Digest.of(hit.id()))) {
        hits.add(hit);
      }
    }
    return CursorWindow.of(retrieved, ranked, hits);
  }

  private static boolean isWhole(Retrieved retrieved, Ranked ranked) {
    return retrieved.full() && retrieved.degraded().isEmpty() && ranked.degraded().isEmpty();
  }

  private static String missing(Retrieved retrieved, Ranked ranked) {
    if (!retrieved.degraded().isEmpty()) {
      return retrieved.degraded().getFirst().detail();
    }
    return ranked.degraded().isEmpty()
        ? "%d of %d shards did not answer"
            .formatted(retrieved.shards().missing().size(), retrieved.shards().total())
        : ranked.degraded().getFirst().detail();
  }

  private SearchResponse cut(SearchQuery query, CursorWindow window, Cursor cursor, long start) {
    int from = Math.min(cursor.offset(), window.hits().size());
    int to = Math.min(from + query.limit(), window.hits().size());
    var page = window.hits().subList(from, to);
    long rankedAt = System.nanoTime();
    var fetched = fetcher.fetchAt(query, window.retrieved(), page, cursor.position());
    var response =
        Answers.of(
            query,
            window.retrieved().within(start, rankedAt),
            window.ranked(),
            page,
            fetched,
            start,
            rankedAt);
    return to < window.hits().size()
        ? response.withNextCursor(cursor.at(to, window.digest()).token())
        : response;
  }

  private static Position position(SearchQuery query, Retrieved retrieved) {
    var commits = new TreeMap<Integer, Long>();
    for (var answer : retrieved.answers()) {
      answer
          .response()
          .partitions()
          .forEach(
              (number, snapshot) -> commits.put(Integer.valueOf(number), snapshot.commitSeq()));
    }
    return Position.of(query.definition().name(), commits);
  }
}
