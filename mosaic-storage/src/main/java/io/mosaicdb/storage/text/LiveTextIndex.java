package io.mosaicdb.storage.text;

import io.mosaicdb.storage.bits.OrdinalSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The words of documents that are not sealed yet, in memory. One thread adds at a time; any number
 * search at once, without locks, each through a {@link #view} of the documents that were visible to
 * it. Meant for up to about 50,000 documents; deleting is the caller's: statistics and searches
 * leave out what they are told to.
 */
public final class LiveTextIndex {
  private final InvertedBuffer buffer;

  public LiveTextIndex(IndexedFields fields) {
    this.buffer = new InvertedBuffer(fields, /* concurrent= */ true);
  }

  public IndexedFields fields() {
    return buffer.fields();
  }

  /**
   * Adds a document, its values in the order of the fields, null or "" where it has none; returns
   * its ordinal. Calls must not overlap.
   */
  public int add(List<@Nullable String> values) {
    return buffer.add(values);
  }

  /** How many documents have been added. */
  public int documentCount() {
    return buffer.documents();
  }

  /** About how much memory the index holds. */
  public long bytes() {
    return buffer.bytes();
  }

  /**
   * The first {@code visibleCount} documents as a segment that never changes. Use one view for the
   * statistics and the search of a query, and for all queries until more is visible: it remembers
   * the postings that it last read.
   */
  public TextSegment view(int visibleCount) {
    int added = buffer.documents();
    if (visibleCount < 0 || visibleCount > added) {
      throw new IllegalArgumentException(
          "visibleCount must be in [0, " + added + "], got " + visibleCount);
    }
    return new View(buffer, visibleCount);
  }

  /** Remembers a few leaves it has read, because a search first asks for their statistics. */
  private static final class View implements TextSegment {
    private static final int REMEMBERED_LEAVES = 32;

    private final InvertedBuffer buffer;
    private final int documentCount;
    private final ConcurrentHashMap<TextQuery.Leaf, Postings> remembered =
        new ConcurrentHashMap<>();

    View(InvertedBuffer buffer, int documentCount) {
      this.buffer = buffer;
      this.documentCount = documentCount;
    }

    @Override
    public IndexedFields fields() {
      return buffer.fields();
    }

    @Override
    public int documentCount() {
      return documentCount;
    }

    @Override
    public CollectionStatistics statistics(TextQuery query, @Nullable OrdinalSet live) {
      var lengths = new HashMap<String, Long>();
      var names = fields().names();
      for (int i = 0; i < names.size(); i++) {
        lengths.put(names.get(i), buffer.totalLength(i, documentCount));
      }
      var frequencies = new HashMap<String, Long>();
      query
          .countedLeaves()
          .forEach((key, leaf) -> frequencies.put(key, count(postings(leaf), live)));
      var all = new CollectionStatistics(documentCount, lengths, frequencies);
      return live == null ? all : all.without(live.not(), fields(), buffer.lengths(), frequencies);
    }

    private static long count(Postings postings, @Nullable OrdinalSet live) {
      if (live == null) {
        return postings.count();
      }
      long count = 0;
      for (int i = 0; i < postings.count(); i++) {
        if (live.contains(postings.ordinal(i))) {
          count++;
        }
      }
      return count;
    }

    @Override
    public ScoredDocuments search(
        TextQuery query,
        CollectionStatistics statistics,
        int k,
        @Nullable OrdinalSet accept,
        float floor) {
      TextIndex.checkArguments(k, accept, documentCount);
      if (query.isNothing() || documentCount == 0) {
        return ScoredDocuments.NONE;
      }
      var scores = new double[documentCount];
      for (var scored : ScoredLeaf.of(query, statistics, fields(), buffer.lengths())) {
        var postings = postings(scored.leaf());
        for (int i = 0; i < postings.count(); i++) {
          int ordinal = postings.ordinal(i);
          scores[ordinal] +=
              scored.score(ordinal, postings.frequencies(), postings.frequenciesAt(i));
        }
      }
      var matcher = new BooleanMatcher(documentCount, (leaf, words) -> mark(postings(leaf), words));
      return best(
          scores, matcher.candidates(query, accept == null ? null : accept.words()), k, floor);
    }

    @Override
    public TermExpansions expansions(TextQuery query) {
      return TermExpansions.of(query, this::expand);
    }

    @Override
    public OrdinalSet matching(TextQuery query) {
      return BooleanMatcher.matching(
          query, documentCount, (leaf, words) -> mark(postings(leaf), words));
    }

    @Override
    public List<WordCount> wordsStartingWith(int group, String prefix, int limit) {
      var words = buffer.dictionary(fields().groups().get(group)).words();
      return counts(words.startingWith(prefix).stream(), limit);
    }

    @Override
    public List<WordCount> wordsNear(int group, String word, int edits, int limit) {
      var words = buffer.dictionary(fields().groups().get(group)).words();
      return counts(WordExpansion.wordsNear(words, word, edits, limit).stream(), limit);
    }

    private static List<WordCount> counts(Stream<? extends Lexicon.Entry> entries, int limit) {
      return entries
          .map(entry -> new WordCount(entry.word(), entry.documents()))
          .sorted(
              Comparator.comparingLong(WordCount::documents)
                  .reversed()
                  .thenComparing(WordCount::word))
          .limit(limit)
          .toList();
    }

    private static ScoredDocuments best(
        double[] scores, long @Nullable [] candidates, int k, float floor) {
      var top = new TopDocuments(Math.min(k, scores.length));
      long matched = 0;
      for (int ordinal = 0; ordinal < scores.length; ordinal++) {
        if (scores[ordinal] > 0
            && (candidates == null || (candidates[ordinal >>> 6] >>> ordinal & 1) != 0)) {
          matched++;
          float score = (float) scores[ordinal];
          if (score > top.worst() && score >= floor) {
            top.offer(ordinal, score);
          }
        }
      }
      return top.sorted(matched);
    }

    private static void mark(Postings postings, long[] words) {
      for (int i = 0; i < postings.count(); i++) {
        words[postings.ordinal(i) >>> 6] |= 1L << postings.ordinal(i);
      }
    }

    private Postings postings(TextQuery.Leaf leaf) {
      var known = remembered.get(leaf);
      if (known != null) {
        return known;
      }
      var postings = read(leaf);
      if (remembered.size() >= REMEMBERED_LEAVES) {
        remembered.clear();
      }
      remembered.put(leaf, postings);
      return postings;
    }

    private Postings read(TextQuery.Leaf leaf) {
      var selection = fields().select(leaf.fields());
      return switch (leaf) {
        case TextQuery.Term term when selection.isWholeGroup() ->
            read(selection, term.term()).postings();
        case TextQuery.Term term -> read(selection, term.term()).postings().only(selection);
        case TextQuery.AnyTerm any -> union(any.terms(), selection).only(selection);
        case TextQuery.Prefix prefix ->
            union(terms(prefix, prefix.terms()), selection).only(selection);
        case TextQuery.Near near -> union(terms(near, near.terms()), selection).only(selection);
        case TextQuery.Phrase phrase -> match(phrase, selection);
      };
    }

    private LivePostings read(FieldSelection selection, String term) {
      var stream = buffer.dictionary(selection.group()).find(term);
      int size = selection.group().size();
      return stream == null
          ? LivePostings.none(size)
          : LivePostings.read(stream.cursor(size), size, documentCount);
    }

    private Collection<String> terms(TextQuery.Leaf leaf, @Nullable List<String> given) {
      return given == null ? expand(leaf).keySet() : given;
    }

    private Map<String, Long> expand(TextQuery.Leaf leaf) {
      var dictionary = buffer.dictionary(fields().select(leaf.fields()).group());
      return switch (leaf) {
        case TextQuery.Prefix prefix -> {
          var found = WordExpansion.terms(dictionary.terms().startingWith(prefix.prefix()));
          found.putAll(WordExpansion.terms(dictionary.words().startingWith(prefix.prefix())));
          yield found;
        }
        case TextQuery.Near near ->
            WordExpansion.terms(
                WordExpansion.wordsNear(
                    dictionary.words(), near.word(), near.edits(), TextQuery.Near.MAXIMUM_TERMS));
        case TextQuery.Term _, TextQuery.AnyTerm _, TextQuery.Phrase _ -> Map.of();
      };
    }

    private Postings union(Collection<String> terms, FieldSelection selection) {
      int size = selection.group().size();
      var sums = new int[documentCount * size];
      var present = new long[(documentCount + 63) >>> 6];
      var dictionary = buffer.dictionary(selection.group());
      for (var term : terms) {
        var stream = dictionary.find(term);
        if (stream == null) {
          continue;
        }
        var cursor = stream.cursor(size);
        while (cursor.next() && cursor.ordinal < documentCount) {
          present[cursor.ordinal >>> 6] |= 1L << cursor.ordinal;
          for (int field = 0; field < size; field++) {
            sums[cursor.ordinal * size + field] += cursor.frequencies[field];
          }
        }
      }
      var union = new Postings(size, 16);
      OrdinalSet.wrap(present, documentCount)
          .forEach(ordinal -> union.add(ordinal, sums, ordinal * size));
      return union;
    }

    private Postings match(TextQuery.Phrase phrase, FieldSelection selection) {
      var terms = new ArrayList<PhraseMatcher.PositionedTerm>();
      for (var term : phrase.terms()) {
        var live = read(selection, term.term());
        if (live.postings().count() == 0) {
          return live.postings();
        }
        terms.add(
            new PhraseMatcher.PositionedTerm(
                term.position(),
                live.postings(),
                index -> new ByteSource(live.bytes(), live.positionsAt()[index])));
      }
      return new PhraseMatcher(terms, selection, phrase.slop()).match();
    }
  }

  /** The visible postings of a term, and where in its stream each has its positions. */
  private record LivePostings(Postings postings, byte[] bytes, int[] positionsAt) {
    static LivePostings none(int fields) {
      return new LivePostings(new Postings(fields, 0), new byte[0], new int[0]);
    }

    static LivePostings read(TermStream.Cursor cursor, int fields, int visible) {
      var postings = new Postings(fields, 16);
      var positionsAt = new int[16];
      while (cursor.next() && cursor.ordinal < visible) {
        if (postings.count() == positionsAt.length) {
          positionsAt = Arrays.copyOf(positionsAt, positionsAt.length * 2);
        }
        positionsAt[postings.count()] = cursor.positionsAt;
        postings.add(cursor.ordinal, cursor.frequencies, 0);
      }
      return new LivePostings(postings, cursor.bytes(), positionsAt);
    }
  }
}
