package io.mosaicdb.storage.text;

import io.mosaicdb.model.schema.StopWords;
import io.mosaicdb.storage.bits.OrdinalSet;
import io.mosaicdb.storage.sqlite.ReadOnlyPool;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The words of a sealed shard. Resident are only the lengths of documents; postings are read when a
 * query first names a term and then stay in the {@link TextIndexMemory} that the indexes of a
 * process share.
 *
 * <p>Thread-safe.
 */
public final class TextIndex implements TextSegment, AutoCloseable {
  private static final String FIND_TERM =
      "SELECT number, postings, positions FROM text_term WHERE field_group = ? AND term = ?";
  private static final String TERMS_FROM =
      "SELECT term, term, documents FROM text_term"
          + " WHERE field_group = ? AND term >= ? ORDER BY term LIMIT ?";
  private static final String WORDS_FROM =
      "SELECT word, coalesce(term, word), documents FROM text_word"
          + " WHERE field_group = ? AND word >= ? ORDER BY word LIMIT ?";
  private static final String FREQUENT_TERMS =
      "SELECT term, term, documents FROM text_term"
          + " WHERE field_group = ? AND term >= ? AND term < ?"
          + " ORDER BY documents DESC, term LIMIT ?";
  private static final String FREQUENT_WORDS =
      "SELECT word, coalesce(term, word), documents FROM text_word"
          + " WHERE field_group = ? AND word >= ? AND word < ?"
          + " ORDER BY documents DESC, word LIMIT ?";
  private static final String READ_POSTINGS =
      "SELECT id, data FROM text_posting WHERE id BETWEEN ? AND ?";
  private static final String READ_POSITIONS =
      "SELECT id, data FROM text_position WHERE id BETWEEN ? AND ?";

  private static final int REMEMBERED_EXPANSIONS = 256;

  private final IndexedFields fields;
  private final int documents;
  private final int[][] lengths;
  // By group: whether there are words beside the terms.
  private final boolean[] keepsWords;
  private final CollectionStatistics lengthStatistics;
  private final TermBloomFilter termFilter;
  private final TextIndexMemory memory;
  private final AccumulatorKernel kernel;
  private final ReadOnlyPool pool;
  // Walking the dictionary costs milliseconds, and a search asks for its expansions more than once.
  private final ConcurrentHashMap<TextQuery.Leaf, Map<String, Long>> expanded =
      new ConcurrentHashMap<>();

  private TextIndex(ReadOnlyPool pool, TextIndexMemory memory, AccumulatorKernel kernel)
      throws SQLException {
    this.pool = pool;
    this.memory = memory;
    this.kernel = kernel;
    var names = new ArrayList<IndexedField>();
    var read = new ArrayList<int[]>();
    var totals = new HashMap<String, Long>();
    int format;
    try (var lease = pool.checkout()) {
      format = readFormat(lease.connection());
      this.documents = (int) readNumber(lease.connection(), "documents");
      readFields(lease.connection(), format, names, read, totals);
      this.termFilter = TermBloomFilter.parse(readTermFilter(lease.connection()));
    }
    this.fields = new IndexedFields(names);
    this.keepsWords = new boolean[fields.groups().size()];
    for (var group : fields.groups()) {
      keepsWords[group.number()] =
          format >= TextIndexFormat.WITH_WORDS && group.analysis().keepsWords();
    }
    this.lengths = read.toArray(int[][]::new);
    this.lengthStatistics = new CollectionStatistics(documents, totals, Map.of());
  }

  /**
   * Opens the words of a shard, read through {@code pool}, which stays the caller's. A shard whose
   * format or analyzers this build does not have is an {@link IllegalStateException}.
   */
  public static TextIndex open(ReadOnlyPool pool, TextIndexMemory memory) throws SQLException {
    return new TextIndex(pool, memory, AccumulatorKernel.FASTEST);
  }

  static TextIndex open(ReadOnlyPool pool, TextIndexMemory memory, AccumulatorKernel kernel)
      throws SQLException {
    return new TextIndex(pool, memory, kernel);
  }

  @Override
  public IndexedFields fields() {
    return fields;
  }

  @Override
  public int documentCount() {
    return documents;
  }

  /** Tells which terms this shard certainly lacks. */
  public TermBloomFilter termFilter() {
    return termFilter;
  }

  @Override
  public CollectionStatistics statistics(TextQuery query, @Nullable OrdinalSet live) {
    var frequencies = new HashMap<String, Long>();
    if (live == null) {
      query
          .countedLeaves()
          .forEach((key, leaf) -> frequencies.put(key, (long) postings(leaf).count()));
      return new CollectionStatistics(documents, lengthStatistics.fieldLengths(), frequencies);
    }
    var dead = live.not();
    int deadDocuments = dead.cardinality();
    query
        .countedLeaves()
        .forEach((key, leaf) -> {
          var postings = postings(leaf);
          frequencies.put(key, (long) postings.count() - postings.countIn(dead, deadDocuments));
        });
    return lengthStatistics.without(dead, fields, lengths, frequencies);
  }

  @Override
  public ScoredDocuments search(
      TextQuery query,
      CollectionStatistics statistics,
      int k,
      @Nullable OrdinalSet accept,
      float floor) {
    checkArguments(k, accept, documents);
    if (query.isNothing()) {
      return ScoredDocuments.NONE;
    }
    var weights = query.weights();
    var operands = new ArrayList<ImpactSearch.Operand>();
    for (var scored : ScoredLeaf.of(query, statistics, fields, lengths)) {
      var postings = postings(scored.leaf(), weights);
      if (postings.count() > 0) {
        var own = LengthNorm.of(scored.selection(), lengths, fields, lengthStatistics);
        operands.add(
            new ImpactSearch.Operand(postings, scored, scored.norm().greatestDifference(own)));
      }
    }
    if (operands.isEmpty()) {
      return ScoredDocuments.NONE;
    }
    var matcher = new BooleanMatcher(documents, (leaf, words) -> postings(leaf).markIn(words));
    var candidates = matcher.candidates(query, accept == null ? null : accept.words());
    var accumulators = memory.borrow();
    var found =
        new ImpactSearch(operands, documents, candidates, kernel, accumulators).run(k, floor);
    // Not after an exception: what it left in the accumulators would reach the next query.
    memory.giveBack(accumulators);
    return found;
  }

  static void checkArguments(int k, @Nullable OrdinalSet accept, int documents) {
    if (k < 0) {
      throw new IllegalArgumentException("k must be >= 0, got " + k);
    }
    if (accept != null && accept.size() != documents) {
      throw new IllegalArgumentException(
          "accept has " + accept.size() + " ordinals, the segment " + documents + " documents");
    }
  }

  /** Gives up the memory of its postings; the pool stays open. */
  @Override
  public void close() {
    memory.forget(this);
  }

  @Override
  public OrdinalSet matching(TextQuery query) {
    return BooleanMatcher.matching(query, documents, (leaf, words) -> postings(leaf).markIn(words));
  }

  @Override
  public TermExpansions expansions(TextQuery query) {
    return TermExpansions.of(query, this::expand);
  }

  private Map<String, Long> expand(TextQuery.Leaf leaf) {
    var known = expanded.get(leaf);
    if (known != null) {
      return known;
    }
    var group = fields.select(leaf.fields()).group();
    var terms =
        switch (leaf) {
          case TextQuery.Prefix prefix -> {
            var found = new HashMap<String, Long>();
            if (keepsWords[group.number()]) {
              found.putAll(
                  WordExpansion.terms(
                      frequent(
                          FREQUENT_TERMS,
                          group.number(),
                          prefix.prefix(),
                          TextQuery.Prefix.MAXIMUM_TERMS)));
            }
            found.putAll(
                WordExpansion.terms(
                    startingWith(group.number(), prefix.prefix(), TextQuery.Prefix.MAXIMUM_TERMS)));
            yield found;
          }
          case TextQuery.Near near ->
              WordExpansion.terms(
                  WordExpansion.wordsNear(
                      words(group), near.word(), near.edits(), TextQuery.Near.MAXIMUM_TERMS));
          case TextQuery.Term _, TextQuery.AnyTerm _, TextQuery.Phrase _ -> Map.<String, Long>of();
        };
    if (expanded.size() >= REMEMBERED_EXPANSIONS) {
      expanded.clear();
    }
    expanded.put(leaf, terms);
    return terms;
  }

  @Override
  public List<WordCount> wordsStartingWith(int group, String prefix, int limit) {
    return startingWith(group, prefix, limit).stream()
        .map(entry -> new WordCount(entry.word(), entry.documents()))
        .toList();
  }

  private List<StoredWord> startingWith(int group, String prefix, int limit) {
    return frequent(keepsWords[group] ? FREQUENT_WORDS : FREQUENT_TERMS, group, prefix, limit);
  }

  private List<StoredWord> frequent(String frequentWords, int group, String prefix, int limit) {
    var words = new ArrayList<StoredWord>();
    try (var lease = pool.checkout()) {
      var select = lease.statement(frequentWords);
      select.setInt(1, group);
      select.setString(2, prefix);
      select.setString(3, prefix + Character.toString(Character.MAX_CODE_POINT));
      select.setInt(4, limit);
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          words.add(new StoredWord(rows.getString(1), rows.getString(2), rows.getLong(3)));
        }
      }
      return words;
    } catch (SQLException e) {
      throw new TextIndexReadException("cannot read the words of a prefix", e);
    }
  }

  @Override
  public List<WordCount> wordsNear(int group, String word, int edits, int limit) {
    return WordExpansion.wordsNear(words(fields.groups().get(group)), word, edits, limit).stream()
        .map(entry -> new WordCount(entry.word(), entry.documents()))
        .toList();
  }

  private PostingList postings(TextQuery.Leaf leaf) {
    return memory.postings(this, leaf, () -> load(leaf, Map.of()));
  }

  /** Impacts depend on the weights: those of other weights than the schema's are made anew. */
  private PostingList postings(TextQuery.Leaf leaf, Map<String, Double> weights) {
    return leaf.fields().stream().noneMatch(weights::containsKey)
        ? postings(leaf)
        : memory.postings(this, new WeightedLeaf(leaf, weights), () -> load(leaf, weights));
  }

  private record WeightedLeaf(TextQuery.Leaf leaf, Map<String, Double> weights) {}

  private PostingList load(TextQuery.Leaf leaf, Map<String, Double> weights) {
    var selection = fields.select(leaf.fields(), weights);
    var group = selection.group();
    return switch (leaf) {
      case TextQuery.Term term when selection.isWholeGroup() && weights.isEmpty() ->
          readTerm(group, term.term()).postings(group.size());
      case TextQuery.Term term ->
          pack(wholeGroup(selection, term.term()).only(selection), selection);
      case TextQuery.AnyTerm any -> pack(union(any.terms(), selection), selection);
      case TextQuery.Prefix prefix ->
          pack(union(terms(prefix, prefix.terms()), selection), selection);
      case TextQuery.Near near -> pack(union(terms(near, near.terms()), selection), selection);
      case TextQuery.Phrase phrase -> pack(match(phrase, selection), selection);
    };
  }

  private PostingList pack(Postings postings, FieldSelection selection) {
    var norm = LengthNorm.of(selection, lengths, fields, lengthStatistics);
    return new PostingPacker(documents).pack(postings, selection, norm);
  }

  private Postings wholeGroup(FieldSelection selection, String term) {
    var leaf = new TextQuery.Term(fields.namesIn(selection.group(), null), term);
    return postings(leaf).decode(selection.group().size());
  }

  /** The postings of all terms together, those that are in a selected field. */
  private Postings union(Collection<String> terms, FieldSelection selection) {
    int size = selection.group().size();
    var sums = new int[documents * size];
    var present = new long[(documents + 63) >>> 6];
    for (var term : terms) {
      var postings = readTerm(selection.group(), term).postings(size).decode(size);
      for (int i = 0; i < postings.count(); i++) {
        int ordinal = postings.ordinal(i);
        present[ordinal >>> 6] |= 1L << ordinal;
        for (int field = 0; field < size; field++) {
          sums[ordinal * size + field] += postings.frequencies()[postings.frequenciesAt(i) + field];
        }
      }
    }
    var union = new Postings(size, 16);
    OrdinalSet.wrap(present, documents)
        .forEach(ordinal -> union.add(ordinal, sums, ordinal * size));
    return union.only(selection);
  }

  private Postings match(TextQuery.Phrase phrase, FieldSelection selection) {
    int size = selection.group().size();
    var terms = new ArrayList<PhraseMatcher.PositionedTerm>();
    for (var term : phrase.terms()) {
      var stored = readTerm(selection.group(), term.term());
      var list = stored.postings(size);
      if (list.count() == 0) {
        return new Postings(size, 0);
      }
      var postings = list.decode(size);
      terms.add(
          new PhraseMatcher.PositionedTerm(
              term.position(), postings, new StoredPositions(list, postings, positions(stored))));
    }
    return new PhraseMatcher(terms, selection, phrase.slop()).match();
  }

  /** The row of a term; where the blobs are long, they are read by number. */
  private record StoredTerm(
      List<Blob> postingBlobs, List<Blob> positionBlobs, @Nullable Long number) {
    PostingList postings(int fields) {
      if (postingBlobs.isEmpty()) {
        return PostingList.EMPTY;
      }
      var blocks = new @Nullable PostingBlock[postingBlobs.getLast().block() + 1];
      for (var blob : postingBlobs) {
        blocks[blob.block()] =
            PostingBlock.decode(new ByteSource(blob.data(), blob.from()), fields);
      }
      return new PostingList(blocks);
    }
  }

  private record Blob(int block, byte[] data, int from) {}

  private StoredTerm readTerm(FieldGroup group, String term) {
    try (var lease = pool.checkout()) {
      var findTerm = lease.statement(FIND_TERM);
      findTerm.setInt(1, group.number());
      findTerm.setString(2, term);
      try (var row = findTerm.executeQuery()) {
        if (!row.next()) {
          return new StoredTerm(List.of(), List.of(), null);
        }
        var postings = row.getBytes(2);
        if (postings != null) {
          return new StoredTerm(inline(postings), inline(row.getBytes(3)), null);
        }
        long number = row.getLong(1);
        return new StoredTerm(read(lease.statement(READ_POSTINGS), number), List.of(), number);
      }
    } catch (SQLException e) {
      throw new TextIndexReadException("cannot read the postings of a term", e);
    }
  }

  private List<Blob> positions(StoredTerm term) {
    if (term.number() == null) {
      return term.positionBlobs();
    }
    try (var lease = pool.checkout()) {
      return read(lease.statement(READ_POSITIONS), term.number());
    } catch (SQLException e) {
      throw new TextIndexReadException("cannot read the positions of a term", e);
    }
  }

  private static List<Blob> read(PreparedStatement statement, long number) throws SQLException {
    var blobs = new ArrayList<Blob>();
    statement.setLong(1, TextIndexFormat.blockId(number, 0));
    statement.setLong(2, TextIndexFormat.blockId(number, 0xFFFF));
    try (var rows = statement.executeQuery()) {
      while (rows.next()) {
        blobs.add(new Blob((int) (rows.getLong(1) & 0xFFFF), rows.getBytes(2), 0));
      }
    }
    return blobs;
  }

  private static List<Blob> inline(byte[] data) {
    var blobs = new ArrayList<Blob>();
    var source = new ByteSource(data, 0);
    while (source.position() < data.length) {
      int block = source.varint();
      int length = source.varint();
      blobs.add(new Blob(block, data, source.position()));
      source.skip(length);
    }
    return blobs;
  }

  private Collection<String> terms(TextQuery.Leaf leaf, @Nullable List<String> given) {
    return given == null ? expand(leaf).keySet() : given;
  }

  private Lexicon words(FieldGroup group) {
    return lexicon(keepsWords[group.number()] ? WORDS_FROM : TERMS_FROM, group);
  }

  private record StoredWord(String word, String term, long documents) implements Lexicon.Entry {}

  private Lexicon lexicon(String wordsFrom, FieldGroup group) {
    return (start, limit) -> {
      var words = new ArrayList<StoredWord>();
      try (var lease = pool.checkout()) {
        var select = lease.statement(wordsFrom);
        select.setInt(1, group.number());
        select.setString(2, start);
        select.setInt(3, limit);
        try (var rows = select.executeQuery()) {
          while (rows.next()) {
            words.add(new StoredWord(rows.getString(1), rows.getString(2), rows.getLong(3)));
          }
        }
        return words;
      } catch (SQLException e) {
        throw new TextIndexReadException("cannot read the dictionary", e);
      }
    };
  }

  /** Positions of one term in the blobs of its blocks. */
  private static final class StoredPositions implements PositionSource {
    private final Postings postings;
    private final List<Blob> blobs;
    private final int[] firstIndexes;

    StoredPositions(PostingList list, Postings postings, List<Blob> blobs) {
      this.postings = postings;
      this.blobs = blobs;
      this.firstIndexes = new int[blobs.size() + 1];
      for (int i = 0; i < blobs.size(); i++) {
        var block = list.block(blobs.get(i).block());
        firstIndexes[i + 1] = firstIndexes[i] + (block == null ? 0 : block.count);
      }
    }

    @Override
    public ByteSource at(int index) {
      int found = Arrays.binarySearch(firstIndexes, index);
      int blob = found >= 0 ? found : -found - 2;
      int within = index - firstIndexes[blob];
      int count = firstIndexes[blob + 1] - firstIndexes[blob];
      int from = blobs.get(blob).from();
      int stride = within / TextIndexFormat.POSITIONS_STRIDE;
      int entries = (count - 1) / TextIndexFormat.POSITIONS_STRIDE;
      int start = from + 4 * entries;
      var data = blobs.get(blob).data();
      if (stride > 0) {
        start += new ByteSource(data, from + 4 * (stride - 1)).u32();
      }
      var source = new ByteSource(data, start);
      for (int i = index - within % TextIndexFormat.POSITIONS_STRIDE; i < index; i++) {
        int at = postings.frequenciesAt(i);
        for (int field = 0; field < postings.fields; field++) {
          for (int n = postings.frequencies()[at + field]; n > 0; n--) {
            source.varint();
          }
        }
      }
      return source;
    }
  }

  private static int readFormat(Connection connection) throws SQLException {
    int format = (int) readNumber(connection, "format");
    if (format < 1 || format > TextIndexFormat.VERSION) {
      throw new IllegalStateException(
          "the shard's words have format "
              + format
              + ", this build reads 1 to "
              + TextIndexFormat.VERSION);
    }
    return format;
  }

  private static long readNumber(Connection connection, String key) throws SQLException {
    try (var select = connection.prepareStatement("SELECT value FROM text_meta WHERE key = ?")) {
      select.setString(1, key);
      try (var row = select.executeQuery()) {
        if (!row.next()) {
          throw new IllegalStateException("the shard's text_meta lacks " + key);
        }
        return row.getLong(1);
      }
    }
  }

  private static byte[] readTermFilter(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT value FROM text_meta WHERE key = 'term_filter'")) {
      if (!row.next()) {
        throw new IllegalStateException("the shard's text_meta lacks term_filter");
      }
      return row.getBytes(1);
    }
  }

  private void readFields(
      Connection connection,
      int format,
      List<IndexedField> read,
      List<int[]> lengths,
      Map<String, Long> totals)
      throws SQLException {
    boolean options = format >= TextIndexFormat.WITH_WORDS;
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT name, weight, language, stemming, stop_words, analyzer, total_length, lengths"
                    + (options ? ", stop_list, case_sensitive, folding, max_token_length" : "")
                    + " FROM text_field ORDER BY number")) {
      while (rows.next()) {
        var analysis = analysis(rows, options);
        var current = TextAnalysis.of(analysis).analyzerId();
        if (!current.equals(rows.getString(6))) {
          throw new IllegalStateException(
              "field "
                  + rows.getString(1)
                  + " was analyzed by "
                  + rows.getString(6)
                  + ", this build has "
                  + current
                  + ": index the documents again");
        }
        read.add(new IndexedField(rows.getString(1), rows.getDouble(2), analysis));
        totals.put(rows.getString(1), rows.getLong(7));
        var source = new ByteSource(rows.getBytes(8), 0);
        var inField = new int[documents];
        for (int i = 0; i < inField.length; i++) {
          inField[i] = source.varint();
        }
        lengths.add(inField);
      }
    }
  }

  private static FieldAnalysis analysis(ResultSet row, boolean options) throws SQLException {
    var language = row.getString(3);
    boolean stemming = row.getBoolean(4);
    boolean stopWords = row.getBoolean(5);
    if (!options) {
      return new FieldAnalysis(language, stemming, stopWords);
    }
    var list = row.getString(9);
    return new FieldAnalysis(
        language,
        stemming,
        list == null
            ? StopWords.of(stopWords)
            : new StopWords.Listed(List.of(list.split("\n", -1))),
        row.getBoolean(10),
        row.getBoolean(11),
        row.getInt(12));
  }
}
