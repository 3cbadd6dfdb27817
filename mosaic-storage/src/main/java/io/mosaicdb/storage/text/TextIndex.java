package io.mosaicdb.storage.text;

import io.mosaicdb.storage.bits.OrdinalSet;
import io.mosaicdb.storage.sqlite.ReadOnlyPool;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
      "SELECT term FROM text_term WHERE field_group = ? AND term >= ? ORDER BY term LIMIT ?";
  private static final String READ_POSTINGS =
      "SELECT id, data FROM text_posting WHERE id BETWEEN ? AND ?";
  private static final String READ_POSITIONS =
      "SELECT id, data FROM text_position WHERE id BETWEEN ? AND ?";

  private final IndexedFields fields;
  private final int documents;
  private final int[][] lengths;
  private final CollectionStatistics lengthStatistics;
  private final TermBloomFilter termFilter;
  private final TextIndexMemory memory;
  private final AccumulatorKernel kernel;
  private final ReadOnlyPool pool;

  private TextIndex(ReadOnlyPool pool, TextIndexMemory memory, AccumulatorKernel kernel)
      throws SQLException {
    this.pool = pool;
    this.memory = memory;
    this.kernel = kernel;
    var names = new ArrayList<IndexedField>();
    var read = new ArrayList<int[]>();
    var totals = new HashMap<String, Long>();
    try (var lease = pool.checkout()) {
      this.documents = readFormat(lease.connection());
      readFields(lease.connection(), names, read, totals);
      this.termFilter = TermBloomFilter.parse(readTermFilter(lease.connection()));
    }
    this.fields = new IndexedFields(names);
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
      TextQuery query, CollectionStatistics statistics, int k, @Nullable OrdinalSet accept) {
    checkArguments(k, accept, documents);
    if (query.isNothing()) {
      return ScoredDocuments.NONE;
    }
    var operands = new ArrayList<ImpactSearch.Operand>();
    for (var scored : ScoredLeaf.of(query, statistics, fields, lengths)) {
      var postings = postings(scored.leaf());
      if (postings.count() > 0) {
        operands.add(new ImpactSearch.Operand(postings, scored));
      }
    }
    if (operands.isEmpty()) {
      return ScoredDocuments.NONE;
    }
    var matcher = new BooleanMatcher(documents, (leaf, words) -> postings(leaf).markIn(words));
    var candidates = matcher.candidates(query, accept == null ? null : accept.words());
    var accumulators = memory.borrow();
    var found = new ImpactSearch(operands, documents, candidates, kernel, accumulators).run(k);
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

  private PostingList postings(TextQuery.Leaf leaf) {
    return memory.postings(this, leaf, () -> load(leaf));
  }

  private PostingList load(TextQuery.Leaf leaf) {
    var selection = fields.select(leaf.fields());
    return switch (leaf) {
      case TextQuery.Term term when selection.isWholeGroup() ->
          readTerm(selection.group(), term.term()).postings(selection.group().size());
      case TextQuery.Term term ->
          pack(wholeGroup(selection, term.term()).only(selection), selection);
      case TextQuery.Prefix prefix -> pack(union(prefix, selection).only(selection), selection);
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

  private Postings union(TextQuery.Prefix prefix, FieldSelection selection) {
    int size = selection.group().size();
    var sums = new int[documents * size];
    var present = new long[(documents + 63) >>> 6];
    for (var term : termsStartingWith(selection.group(), prefix.prefix())) {
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
    return union;
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
    return new PhraseMatcher(terms, selection).match();
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

  private List<String> termsStartingWith(FieldGroup group, String prefix) {
    var terms = new ArrayList<String>();
    try (var lease = pool.checkout()) {
      var termsFrom = lease.statement(TERMS_FROM);
      termsFrom.setInt(1, group.number());
      termsFrom.setString(2, prefix);
      termsFrom.setInt(3, TextQuery.Prefix.MAXIMUM_TERMS);
      try (var rows = termsFrom.executeQuery()) {
        while (rows.next() && rows.getString(1).startsWith(prefix)) {
          terms.add(rows.getString(1));
        }
      }
      return terms;
    } catch (SQLException e) {
      throw new TextIndexReadException("cannot read the terms of a prefix", e);
    }
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
    int version = (int) readNumber(connection, "format");
    if (version != TextIndexFormat.VERSION) {
      throw new IllegalStateException(
          "the shard's words have format "
              + version
              + ", this build reads "
              + TextIndexFormat.VERSION);
    }
    return (int) readNumber(connection, "documents");
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
      Connection connection, List<IndexedField> read, List<int[]> lengths, Map<String, Long> totals)
      throws SQLException {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT name, weight, language, stemming, stop_words, analyzer, total_length, lengths"
                    + " FROM text_field ORDER BY number")) {
      while (rows.next()) {
        var analysis = new FieldAnalysis(rows.getString(3), rows.getBoolean(4), rows.getBoolean(5));
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
}
