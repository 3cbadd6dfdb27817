package io.mosaicdb.storage.sql;

import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.bits.OrdinalSet;
import io.mosaicdb.storage.document.DocumentJson;
import io.mosaicdb.storage.segment.SegmentReadException;
import io.mosaicdb.storage.shard.ShardSchema;
import io.mosaicdb.storage.sql.SqlSession.Segment;
import io.mosaicdb.storage.sql.SqlSession.UnreadableSegmentException;
import io.mosaicdb.storage.text.TermExpansions;
import io.mosaicdb.storage.text.TextIndexReadException;
import io.mosaicdb.storage.text.TextQuery;
import io.mosaicdb.storage.text.TextQueryParser;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The documents that {@code matches()} finds: those that a search for the same words in {@code
 * mode=keyword} counts. As sets of ordinals for the segments here, and as tables of ids for the
 * statement.
 */
final class SegmentMatches {
  private static final int IDS_AT_ONCE = 5_000;

  private final Connection connection;
  private final String place;
  private final List<TextQuery> queries = new ArrayList<>();
  private final Map<Segment, List<OrdinalSet>> found = new HashMap<>();

  SegmentMatches(Connection connection, String place, List<String> words, Schema schema)
      throws SQLException {
    this.connection = connection;
    this.place = place;
    if (!words.isEmpty()) {
      var parser = new TextQueryParser(ShardSchema.indexedFields(schema));
      words.forEach(each -> queries.add(parser.parse(each)));
    }
    for (int number = 1; number <= queries.size(); number++) {
      SqlConnections.execute(
          connection,
          "CREATE TABLE " + table(place, number) + "(id TEXT PRIMARY KEY) WITHOUT ROWID");
    }
  }

  private static String table(String schema, int number) {
    return schema + "." + WordMatches.TABLE + number;
  }

  /** Looks into every segment and fills the tables. */
  void find(List<Segment> segments, RunawayGuard guard) throws UnreadableSegmentException {
    for (int number = 1; number <= queries.size(); number++) {
      var query = expanded(queries.get(number - 1), segments);
      for (Segment segment : segments) {
        guard.requireTime();
        var matching = matching(segment, query);
        found.computeIfAbsent(segment, _ -> new ArrayList<>()).add(matching);
        try {
          insert(number, segment, matching);
        } catch (SQLException e) {
          throw SqlErrors.of(e, guard);
        }
      }
    }
  }

  /** Every segment looks for the same beginnings of words, whatever its own dictionary has. */
  private static TextQuery expanded(TextQuery query, List<Segment> segments)
      throws UnreadableSegmentException {
    if (!TermExpansions.areNeededBy(query)) {
      return query;
    }
    var expansions = TermExpansions.NONE;
    for (Segment segment : segments) {
      try {
        expansions = expansions.merge(segment.view().segment().text().expansions(query));
      } catch (SegmentReadException | TextIndexReadException e) {
        throw new UnreadableSegmentException(segment, String.valueOf(e.getMessage()));
      }
    }
    return expansions.applyTo(query);
  }

  private static OrdinalSet matching(Segment segment, TextQuery query)
      throws UnreadableSegmentException {
    try {
      var matching = segment.view().segment().text().matching(query);
      var live = segment.view().live();
      return live == null ? matching : matching.and(live);
    } catch (SegmentReadException | TextIndexReadException e) {
      throw new UnreadableSegmentException(segment, String.valueOf(e.getMessage()));
    }
  }

  private void insert(int number, Segment segment, OrdinalSet matching) throws SQLException {
    var ids = new ArrayList<String>();
    matching.forEach(document -> ids.add(segment.view().segment().id(document)));
    var sql = "INSERT OR IGNORE INTO " + table(place, number) + " SELECT value FROM json_each(?)";
    try (var insert = connection.prepareStatement(sql)) {
      for (int from = 0; from < ids.size(); from += IDS_AT_ONCE) {
        var some = ids.subList(from, Math.min(ids.size(), from + IDS_AT_ONCE));
        insert.setString(1, DocumentJson.write(some));
        insert.executeUpdate();
      }
    }
  }

  /** Takes over what another worker found. */
  void add(String schema) throws SQLException {
    for (int number = 1; number <= queries.size(); number++) {
      SqlConnections.execute(
          connection,
          "INSERT OR IGNORE INTO %s SELECT id FROM %s"
              .formatted(table(place, number), table(schema, number)));
    }
  }

  boolean has(Segment segment, int number) {
    var matching = of(segment, number);
    return matching == null || matching.cardinality() > 0;
  }

  boolean has(Segment segment, int number, int document) {
    var matching = of(segment, number);
    return matching == null || matching.contains(document);
  }

  private @Nullable OrdinalSet of(Segment segment, int number) {
    var sets = found.get(segment);
    return sets == null || number < 1 || number > sets.size() ? null : sets.get(number - 1);
  }
}
