package io.mosaicdb.storage.text;

import io.mosaicdb.model.schema.StopWords;
import java.nio.charset.StandardCharsets;
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
 * Builds the words of a shard: documents are added in ordinal order, then everything is written in
 * one go. The same documents in the same order give the same rows and blobs. Not thread-safe.
 */
public final class TextIndexWriter {
  private final IndexedFields fields;
  private final InvertedBuffer buffer;
  private boolean written;

  public TextIndexWriter(IndexedFields fields) {
    this.fields = fields;
    this.buffer = new InvertedBuffer(fields, /* concurrent= */ false);
  }

  /**
   * Adds the next document, its values in the order of the fields, null or "" where it has none.
   */
  public int add(List<@Nullable String> values) {
    return buffer.add(values);
  }

  public int documentCount() {
    return buffer.documents();
  }

  /** About how much memory the documents added so far hold. */
  public long bytes() {
    return buffer.bytes();
  }

  /**
   * Creates the tables and fills them. The caller owns the transaction; after a failure it must
   * roll back. A writer writes once.
   */
  public void write(Connection connection) throws SQLException {
    if (written) {
      throw new IllegalStateException("this writer has already written its documents");
    }
    written = true;
    try (var statement = connection.createStatement()) {
      for (var table : TextIndexFormat.TABLES) {
        statement.executeUpdate(table);
      }
    }
    writeFields(connection);
    var statistics = statistics();
    int terms = 0;
    for (var group : fields.groups()) {
      terms += buffer.dictionary(group).streams().size();
    }
    var filter = TermBloomFilter.sizedFor(terms);
    try (var rows = new TermRows(connection)) {
      for (var group : fields.groups()) {
        writeTerms(group, statistics, filter, rows);
      }
      rows.flush();
    }
    for (var group : fields.groups()) {
      if (group.analysis().keepsWords()) {
        writeWords(connection, group);
      }
    }
    writeMeta(connection, terms, filter);
  }

  /** In the order of the table's key, so that every insert appends. */
  private void writeWords(Connection connection, FieldGroup group) throws SQLException {
    var forms = new ArrayList<WordForm>();
    for (var stream : buffer.dictionary(group).streams()) {
      for (var form = stream.forms; form != null; form = form.next) {
        forms.add(form);
      }
    }
    forms.sort((a, b) -> Lexicon.ORDER.compare(a.word, b.word));
    try (var insert = connection.prepareStatement("INSERT INTO text_word VALUES (?,?,?,?)")) {
      int batched = 0;
      for (var form : forms) {
        insert.setInt(1, group.number());
        insert.setString(2, form.word);
        insert.setString(3, form.word.equals(form.term()) ? null : form.term());
        insert.setLong(4, form.documents());
        insert.addBatch();
        if (++batched % TermRows.BATCH == 0) {
          insert.executeBatch();
        }
      }
      insert.executeBatch();
    }
  }

  private CollectionStatistics statistics() {
    int documents = buffer.documents();
    var lengths = new HashMap<String, Long>();
    for (int i = 0; i < fields.fields().size(); i++) {
      lengths.put(fields.fields().get(i).name(), buffer.totalLength(i, documents));
    }
    return new CollectionStatistics(documents, lengths, Map.of());
  }

  private void writeTerms(
      FieldGroup group, CollectionStatistics statistics, TermBloomFilter filter, TermRows rows)
      throws SQLException {
    record Entry(byte[] key, TermStream stream) {}
    var streams = buffer.dictionary(group).streams();
    var entries = new Entry[streams.size()];
    for (int i = 0; i < entries.length; i++) {
      var stream = streams.get(i);
      entries[i] = new Entry(stream.term.getBytes(StandardCharsets.UTF_8), stream);
    }
    // The order of the table's key, so that every insert appends.
    Arrays.sort(entries, (a, b) -> Arrays.compareUnsigned(a.key, b.key));
    var selection = fields.select(fields.namesIn(group, null));
    var norm = LengthNorm.of(selection, buffer.lengths(), fields, statistics);
    var encoder = new TermEncoder(group.size(), buffer.documents(), selection, norm);
    for (var entry : entries) {
      filter.add(entry.key);
      encoder.encode(entry.stream);
      rows.add(group.number(), entry.stream, encoder);
    }
  }

  private void writeFields(Connection connection) throws SQLException {
    try (var insert =
        connection.prepareStatement(
            "INSERT INTO text_field VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)")) {
      for (var group : fields.groups()) {
        for (int number : group.fields()) {
          var field = fields.fields().get(number);
          var lengths = new ByteSink(buffer.documents() + 16);
          for (int i = 0; i < buffer.documents(); i++) {
            lengths.varint(buffer.lengths()[number][i]);
          }
          insert.setInt(1, number);
          insert.setString(2, field.name());
          insert.setDouble(3, field.weight());
          insert.setString(4, field.analysis().language());
          insert.setBoolean(5, field.analysis().stemming());
          insert.setBoolean(6, field.analysis().stopWords() instanceof StopWords.OfLanguage);
          insert.setString(7, group.analysis().analyzerId());
          insert.setInt(8, group.number());
          insert.setLong(9, buffer.totalLength(number, buffer.documents()));
          insert.setBytes(10, lengths.toByteArray());
          insert.setString(
              11,
              field.analysis().stopWords() instanceof StopWords.Listed listed
                  ? String.join("\n", listed.words())
                  : null);
          insert.setBoolean(12, field.analysis().caseSensitive());
          insert.setBoolean(13, field.analysis().folding());
          insert.setInt(14, field.analysis().maxTokenLength());
          insert.executeUpdate();
        }
      }
    }
  }

  private void writeMeta(Connection connection, int terms, TermBloomFilter filter)
      throws SQLException {
    try (var insert = connection.prepareStatement("INSERT INTO text_meta VALUES (?,?)")) {
      var values = new java.util.TreeMap<String, Object>();
      values.put("format", TextIndexFormat.VERSION);
      values.put("documents", buffer.documents());
      values.put("terms", terms);
      values.put("k1", Bm25.K1);
      values.put("b", Bm25.B);
      values.put("term_filter", filter.toByteArray());
      for (var value : values.entrySet()) {
        insert.setString(1, value.getKey());
        insert.setObject(2, value.getValue());
        insert.executeUpdate();
      }
    }
  }

  /** Turns the stream of a term into the blobs of its blocks. Reused from term to term. */
  private static final class TermEncoder {
    private final int fields;
    private final Postings postings;
    private final PostingPacker packer;
    private final FieldSelection selection;
    private final LengthNorm norm;
    private final int blockCount;
    private final ByteSink[] positionData;
    private final ByteSink[] positionEntries;
    private final int[] positionCounts;
    private final ByteSink one = new ByteSink(1024);
    PostingList list = PostingList.EMPTY;

    TermEncoder(int fields, int documents, FieldSelection selection, LengthNorm norm) {
      this.fields = fields;
      this.postings = new Postings(fields, 1024);
      this.packer = new PostingPacker(documents);
      this.selection = selection;
      this.norm = norm;
      this.blockCount = (documents + PostingBlock.SPAN - 1) / PostingBlock.SPAN;
      this.positionData = new ByteSink[blockCount];
      this.positionEntries = new ByteSink[blockCount];
      this.positionCounts = new int[blockCount];
      for (int i = 0; i < blockCount; i++) {
        positionData[i] = new ByteSink(64);
        positionEntries[i] = new ByteSink(64);
      }
    }

    void encode(TermStream stream) {
      postings.clear();
      for (int i = 0; i < blockCount; i++) {
        positionData[i].clear();
        positionEntries[i].clear();
        positionCounts[i] = 0;
      }
      var cursor = stream.cursor(fields);
      while (cursor.next()) {
        postings.add(cursor.ordinal, cursor.frequencies, 0);
        int block = cursor.ordinal >>> 16;
        int index = positionCounts[block]++;
        if (index > 0 && index % TextIndexFormat.POSITIONS_STRIDE == 0) {
          positionEntries[block].u32(positionData[block].size());
        }
        positionData[block].write(cursor.bytes(), cursor.positionsAt, cursor.positionsLength);
      }
      list = packer.pack(postings, selection, norm);
    }

    ByteSink postings(int block) {
      one.clear();
      var packed = list.block(block);
      if (packed != null) {
        packed.encode(one, fields);
      }
      return one;
    }

    ByteSink positions(int block) {
      one.clear();
      one.write(positionEntries[block]);
      one.write(positionData[block]);
      return one;
    }
  }

  /** Batches the inserts. */
  private static final class TermRows implements AutoCloseable {
    private static final int BATCH = 2_000;
    private final PreparedStatement term;
    private final PreparedStatement posting;
    private final PreparedStatement position;
    private final ByteSink postings = new ByteSink(1024);
    private final ByteSink positions = new ByteSink(1024);
    private long nextNumber = 1;
    private int batched;

    TermRows(Connection connection) throws SQLException {
      term = connection.prepareStatement("INSERT INTO text_term VALUES (?,?,?,?,?,?)");
      posting = connection.prepareStatement("INSERT INTO text_posting VALUES (?,?)");
      position = connection.prepareStatement("INSERT INTO text_position VALUES (?,?)");
    }

    void add(int group, TermStream stream, TermEncoder encoder) throws SQLException {
      boolean inline = collectInline(encoder);
      term.setInt(1, group);
      term.setString(2, stream.term);
      term.setInt(3, stream.count());
      if (inline) {
        term.setNull(4, java.sql.Types.INTEGER);
        term.setBytes(5, postings.toByteArray());
        term.setBytes(6, positions.toByteArray());
      } else {
        term.setLong(4, nextNumber);
        term.setNull(5, java.sql.Types.BLOB);
        term.setNull(6, java.sql.Types.BLOB);
        writeBlocks(nextNumber++, encoder);
      }
      term.addBatch();
      if (++batched % BATCH == 0) {
        term.executeBatch();
      }
    }

    /** Collects all blocks in one blob each, unless they are too long to live in the dictionary. */
    private boolean collectInline(TermEncoder encoder) {
      postings.clear();
      positions.clear();
      if (encoder.list.count() > TextIndexFormat.INLINE_BYTES / 4) {
        return false;
      }
      for (int block = 0; block < encoder.list.blockCount(); block++) {
        if (encoder.list.block(block) != null) {
          append(postings, block, encoder.postings(block));
          append(positions, block, encoder.positions(block));
        }
      }
      return postings.size() + positions.size() <= TextIndexFormat.INLINE_BYTES;
    }

    private static void append(ByteSink target, int block, ByteSink data) {
      target.varint(block);
      target.varint(data.size());
      target.write(data);
    }

    private void writeBlocks(long number, TermEncoder encoder) throws SQLException {
      for (int block = 0; block < encoder.list.blockCount(); block++) {
        if (encoder.list.block(block) != null) {
          posting.setLong(1, TextIndexFormat.blockId(number, block));
          posting.setBytes(2, encoder.postings(block).toByteArray());
          posting.executeUpdate();
          position.setLong(1, TextIndexFormat.blockId(number, block));
          position.setBytes(2, encoder.positions(block).toByteArray());
          position.executeUpdate();
        }
      }
    }

    void flush() throws SQLException {
      term.executeBatch();
    }

    @Override
    public void close() throws SQLException {
      term.close();
      posting.close();
      position.close();
    }
  }
}
