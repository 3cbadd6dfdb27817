package io.mosaicdb.storage.search;

import static java.util.Objects.requireNonNull;

import io.mosaicdb.storage.bits.OrdinalSet;
import io.mosaicdb.storage.facet.Facet;
import io.mosaicdb.storage.facet.FacetCounter;
import io.mosaicdb.storage.facet.FacetCounts;
import io.mosaicdb.storage.search.SearchOutcome.LegHit;
import io.mosaicdb.storage.search.SearchOutcome.SegmentReport;
import io.mosaicdb.storage.search.SearchOutcome.SortedHit;
import io.mosaicdb.storage.search.SearchOutcome.State;
import io.mosaicdb.storage.segment.Segment;
import io.mosaicdb.storage.segment.SegmentReadException;
import io.mosaicdb.storage.text.CollectionStatistics;
import io.mosaicdb.storage.text.ScoredDocuments;
import io.mosaicdb.storage.text.TermExpansions;
import io.mosaicdb.storage.text.TextIndexReadException;
import io.mosaicdb.storage.vector.ScoredPassages;
import io.mosaicdb.storage.vector.VectorSearchOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The search of one segment. What it found is published by one volatile write, so that who stops
 * waiting sees all of it or nothing.
 */
final class SegmentSearch {
  private static final int PASSAGES_PER_DOCUMENT = 4;

  /** Up to this share of the documents comparing one by one costs no more than a scan. */
  private static final double COMPARED_SHARE = .04;

  private final PartitionSnapshot snapshot;
  private final int index;
  // Replaced before the search by one with the terms that beginnings and mistyped words stand for.
  SearchCommand command;
  final SegmentView view;
  CollectionStatistics statistics = CollectionStatistics.NONE;
  CollectionStatistics gathered = CollectionStatistics.NONE;
  TermExpansions expanded = TermExpansions.NONE;
  private volatile @Nullable String failure;
  private volatile boolean left;
  private volatile boolean tookTooLong;
  volatile @Nullable Found found;

  /** Written by the thread that searches, before it is published. */
  static final class Found {
    private final Planner.@Nullable Choice choice;
    private final Routing.Pruned pruned;
    private long passed;
    List<LegHit> text = List.of();
    List<LegHit> vector = List.of();
    List<SortedHit> sorted = List.of();
    List<FacetCounts> facets = List.of();
    long total;
    boolean totalIsExact = true;
    private boolean isCounted;
    private long accepted;
    long filterNanos;
    long textNanos;
    long vectorNanos;

    Found(Planner.@Nullable Choice choice, Routing.Pruned pruned) {
      this.choice = choice;
      this.pruned = pruned;
    }
  }

  SegmentSearch(PartitionSnapshot snapshot, int index, SearchCommand command) {
    this.snapshot = snapshot;
    this.index = index;
    this.command = command;
    this.view = snapshot.segments().get(index);
  }

  TermExpansions expansions() {
    try {
      var segment = view.segment().text();
      var expansions =
          command.text() == null ? TermExpansions.NONE : segment.expansions(command.text());
      return command.demands() == null
          ? expansions
          : expansions.merge(command.demands().expansions(segment));
    } catch (SegmentReadException | TextIndexReadException e) {
      failure = String.valueOf(e.getMessage());
      return TermExpansions.NONE;
    }
  }

  CollectionStatistics statistics() {
    try {
      return view.segment().text().statistics(requireNonNull(command.text()), view.live());
    } catch (SegmentReadException | TextIndexReadException e) {
      failure = String.valueOf(e.getMessage());
      return CollectionStatistics.NONE;
    }
  }

  void run(ScoreFloor words, ScoreFloor vectors) {
    if (failure != null) {
      return;
    }
    try {
      found = find(words, vectors);
    } catch (SegmentReadException | TextIndexReadException e) {
      failure = String.valueOf(e.getMessage());
    }
  }

  /** Nobody waits for it any more; {@code toBlame}: it had more than enough time. */
  void leave(boolean toBlame) {
    tookTooLong = toBlame;
    left = true;
  }

  boolean isLeft() {
    return left;
  }

  /** Tells the guard how it ended. */
  void settle(@Nullable Found result, SegmentGuard guard) {
    var segment = view.segment();
    var why = failure;
    if (result != null && result.choice != null) {
      guard.answered(segment);
    } else if (result == null && left && tookTooLong) {
      guard.failed(segment, late());
    } else if (result == null && !left && why != null) {
      guard.failed(segment, why);
    } else {
      guard.notAsked(segment);
    }
  }

  private String late() {
    return "no answer within " + command.timeout().toMillis() + " ms";
  }

  SegmentReport report(@Nullable Found result) {
    var segment = view.segment();
    var name = segment.shardId().orElse("live");
    long documents = segment.documentCount();
    if (result != null && result.choice != null) {
      return new SegmentReport(
          snapshot.partition(),
          name,
          State.SEARCHED,
          documents,
          result.accepted,
          result.choice.plan(),
          result.choice.estimate(),
          result.passed,
          result.pruned.reason());
    }
    if (result != null) {
      return SegmentReport.unread(
          snapshot.partition(), name, State.PRUNED, documents, result.pruned.reason());
    }
    var why = failure;
    return why != null && !left
        ? SegmentReport.unread(snapshot.partition(), name, State.FAILED, documents, why)
        : SegmentReport.unread(snapshot.partition(), name, State.TIMED_OUT, documents, late());
  }

  private Found find(ScoreFloor words, ScoreFloor vectors) {
    var segment = view.segment();
    long start = System.nanoTime();
    var pruned = command.routing().prune(segment, command);
    if (pruned.whole()) {
      var nothing = new Found(null, pruned);
      // Of what only the vectors were to find nobody knows how much there is.
      nothing.totalIsExact = command.text() != null;
      return nothing;
    }
    var result = new Found(Planner.choose(segment, command), pruned);
    var accept = accepted(segment, result);
    result.accepted = accept == null ? segment.documentCount() : accept.cardinality();
    result.filterNanos = System.nanoTime() - start;
    if (result.accepted == 0) {
      return result;
    }
    result.total = result.accepted;
    if (command.wantsMatchingSet()) {
      collectMatching(segment, accept, result);
    }
    if (command.sort() == null && command.candidates() > 0) {
      findLegs(segment, accept, words, vectors, result);
    }
    return result;
  }

  private @Nullable OrdinalSet accepted(Segment segment, Found result) {
    if (command.filter() == null) {
      result.passed = segment.documentCount();
      return view.live();
    }
    var matching = segment.matching(command.filter());
    result.passed = matching.cardinality();
    return view.live() == null ? matching : matching.and(view.live());
  }

  /** What needs every document that matches: facets, and an order by attributes. */
  private void collectMatching(Segment segment, @Nullable OrdinalSet accept, Found result) {
    long start = System.nanoTime();
    var matching = accept;
    if (command.text() != null) {
      matching = segment.text().matching(command.text());
      if (accept != null) {
        matching = matching.and(accept);
      }
      result.total = matching.cardinality();
    }
    var facets = new ArrayList<FacetCounts>(command.facets().size());
    for (Facet facet : command.facets()) {
      facets.add(FacetCounter.count(segment, facet, matching));
    }
    result.facets = facets;
    if (command.sort() != null && command.candidates() > 0) {
      sort(segment, matching, command.sort(), result);
    }
    result.filterNanos += System.nanoTime() - start;
  }

  private void sort(Segment segment, @Nullable OrdinalSet matching, SortOrder order, Found result) {
    var documents = new SortedDocuments(segment, order);
    GroupedLeg.Finder<SortedHit> finder =
        (accept, most) -> {
          var hits = new ArrayList<SortedHit>();
          for (int document : documents.first(accept, most)) {
            hits.add(
                new SortedHit(
                    segment.id(document),
                    documents.keys(document),
                    snapshot.partition(),
                    index,
                    document,
                    null));
          }
          return hits;
        };
    if (command.group() == null) {
      result.sorted = finder.find(matching, command.candidates());
      return;
    }
    result.sorted =
        new GroupedLeg(segment, command.group())
            .find(matching, command.candidates(), SortedHit::document, finder).stream()
                .map(grouped -> grouped.hit().in(grouped.group()))
                .toList();
  }

  private void findLegs(
      Segment segment,
      @Nullable OrdinalSet accept,
      ScoreFloor words,
      ScoreFloor vectors,
      Found result) {
    long start = System.nanoTime();
    if (command.text() != null && result.pruned.words() != null) {
      if (!command.wantsMatchingSet()) {
        result.total = 0;
      }
    } else if (command.text() != null) {
      result.text =
          leg(segment, accept, (among, most) -> words(segment, among, most, words, result));
    }
    long worded = System.nanoTime();
    result.textNanos = worded - start;
    if (command.vector() != null && segment.passageCount() > 0 && result.pruned.vectors() == null) {
      result.vector =
          leg(
              segment,
              demanded(segment, accept),
              (among, most) -> vectors(segment, among, most, vectors, result));
    }
    result.vectorNanos = System.nanoTime() - worded;
  }

  private @Nullable OrdinalSet demanded(Segment segment, @Nullable OrdinalSet accept) {
    if (command.demands() == null) {
      return accept;
    }
    var meeting = command.demands().matching(segment.text());
    return accept == null ? meeting : meeting.and(accept);
  }

  private List<LegHit> leg(
      Segment segment, @Nullable OrdinalSet accept, GroupedLeg.Finder<LegHit> finder) {
    if (command.group() == null) {
      return finder.find(accept, command.candidates());
    }
    return new GroupedLeg(segment, command.group())
        .find(accept, command.candidates(), LegHit::document, finder).stream()
            .map(grouped -> grouped.hit().in(grouped.group()))
            .toList();
  }

  private List<LegHit> words(
      Segment segment, @Nullable OrdinalSet accept, int most, ScoreFloor floor, Found result) {
    ScoredDocuments scored = bestByWords(segment, accept, most, floor);
    if (command.group() == null) {
      floor.add(scored.scores(), scored.size());
    }
    var hits = new ArrayList<LegHit>(scored.size());
    for (int i = 0; i < scored.size(); i++) {
      hits.add(hit(segment, scored.ordinals()[i], scored.scores()[i], -1));
    }
    if (!result.isCounted) {
      result.isCounted = true;
      result.total = scored.totalMatches();
      result.totalIsExact = scored.totalIsExact();
    }
    return first(segment, hits, most);
  }

  /**
   * Which of equally good documents make the cut is decided by their ids. A shard's ordinals follow
   * them; elsewhere as many are taken as are equal to the last.
   */
  private ScoredDocuments bestByWords(
      Segment segment, @Nullable OrdinalSet accept, int most, ScoreFloor floor) {
    var query = requireNonNull(command.text());
    if (segment.isSortedById()) {
      return segment.text().search(query, statistics, most, accept, floor.value());
    }
    int wanted = most;
    while (true) {
      wanted = (int) Math.min(segment.documentCount(), wanted + 1L);
      var scored = segment.text().search(query, statistics, wanted, accept, floor.value());
      if (scored.size() < wanted
          || wanted == segment.documentCount()
          || scored.scores()[wanted - 1] < scored.scores()[most - 1]) {
        return scored;
      }
      wanted = (int) Math.min(Integer.MAX_VALUE - 1, wanted * 2L);
    }
  }

  private static List<LegHit> first(Segment segment, List<LegHit> hits, int most) {
    if (!segment.isSortedById()) {
      hits.sort(SnapshotSearch.ORDER);
    }
    return hits.size() > most ? hits.subList(0, most) : hits;
  }

  private LegHit hit(Segment segment, int document, double score, int passage) {
    return new LegHit(
        segment.id(document), score, snapshot.partition(), index, document, passage, null);
  }

  /**
   * Asks for passages until enough documents are among them: several passages of one document count
   * once, by the best.
   */
  private List<LegHit> vectors(
      Segment segment, @Nullable OrdinalSet accept, int most, ScoreFloor floor, Found result) {
    var query = requireNonNull(command.vector());
    var acceptedPassages = segment.passagesOf(accept);
    boolean single = segment.passageCount() <= segment.documentCount();
    int wanted = Math.min(most, accept == null ? segment.documentCount() : accept.cardinality());
    int k = Math.min(segment.passageCount(), single ? wanted : wanted * PASSAGES_PER_DOCUMENT / 2);
    while (wanted > 0) {
      var passages =
          segment.nearest(query, Math.max(1, k), options(result), acceptedPassages, floor.value());
      var hits = new ArrayList<LegHit>(passages.size());
      var scores = collapse(segment, passages, hits);
      if (passages.size() < k
          || k >= segment.passageCount()
          || isDecided(segment, passages, wanted, hits)) {
        if (command.group() == null) {
          floor.add(scores, hits.size());
        }
        return first(segment, hits, wanted);
      }
      k = (int) Math.min(segment.passageCount(), (long) k * PASSAGES_PER_DOCUMENT);
    }
    return List.of();
  }

  /** As for words: equally near documents are told apart by their ids, which a shard follows. */
  private boolean isDecided(
      Segment segment, ScoredPassages passages, int wanted, List<LegHit> hits) {
    return hits.size() >= wanted
        && (segment.isSortedById()
            || wireScore(passages.scores()[passages.size() - 1]) < hits.get(wanted - 1).score());
  }

  private VectorSearchOptions options(Found result) {
    boolean few = result.accepted <= COMPARED_SHARE * view.segment().documentCount();
    return few && result.choice != null && result.choice.plan() == Plan.FILTER_FIRST
        ? VectorSearchOptions.EXACT
        : command.vectorOptions();
  }

  /** Adds the documents of the passages to {@code hits}; returns their scores by the metric. */
  private float[] collapse(Segment segment, ScoredPassages passages, List<LegHit> hits) {
    var scores = new float[passages.size()];
    var seen = new long[OrdinalSet.wordsFor(segment.documentCount())];
    for (int i = 0; i < passages.size(); i++) {
      int passage = passages.ordinals()[i];
      int document = segment.documentOf(passage);
      double score = wireScore(passages.scores()[i]);
      if (command.minimumScore() != null && score < command.minimumScore()) {
        break;
      }
      long bit = 1L << document;
      if ((seen[document >>> 6] & bit) == 0) {
        seen[document >>> 6] |= bit;
        scores[hits.size()] = passages.scores()[i];
        hits.add(hit(segment, document, score, passage - segment.firstPassage(document)));
      }
    }
    return scores;
  }

  /** Negated squared distances become 1 / (1 + d²), so that every metric's scores read alike. */
  private double wireScore(float score) {
    return switch (requireNonNull(command.vector()).metric()) {
      case COSINE, DOT -> score;
      case L2 -> 1 / (1 - (double) score);
    };
  }
}
