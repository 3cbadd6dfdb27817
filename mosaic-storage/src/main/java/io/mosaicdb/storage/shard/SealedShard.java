package io.mosaicdb.storage.shard;

import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.document.Link;
import io.mosaicdb.model.document.Passage;
import io.mosaicdb.model.document.Vectors;
import io.mosaicdb.model.filter.ColumnName;
import io.mosaicdb.model.filter.Filter;
import io.mosaicdb.model.schema.Attribute;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.bits.OrdinalSet;
import io.mosaicdb.storage.document.DocumentJson;
import io.mosaicdb.storage.document.DocumentVersion;
import io.mosaicdb.storage.document.LinkedDocument;
import io.mosaicdb.storage.filter.AttributeColumns;
import io.mosaicdb.storage.filter.ColumnView;
import io.mosaicdb.storage.filter.GeoArea;
import io.mosaicdb.storage.filter.PlaceIndex;
import io.mosaicdb.storage.segment.Segment;
import io.mosaicdb.storage.segment.SegmentReadException;
import io.mosaicdb.storage.sqlite.PoolState;
import io.mosaicdb.storage.sqlite.ReadOnlyPool;
import io.mosaicdb.storage.sqlite.ReadOnlySettings;
import io.mosaicdb.storage.text.TextIndex;
import io.mosaicdb.storage.text.TextIndexMemory;
import io.mosaicdb.storage.text.TextQuery;
import io.mosaicdb.storage.text.TextSegment;
import io.mosaicdb.storage.vector.CentroidSet;
import io.mosaicdb.storage.vector.ScoredPassages;
import io.mosaicdb.storage.vector.VectorIndex;
import io.mosaicdb.storage.vector.VectorQuery;
import io.mosaicdb.storage.vector.VectorSearchOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A shard file, open for search.
 *
 * <p>In memory: ids, versions, passage offsets, and what the vector index keeps. Attribute columns
 * are read at the first filter that names them and stay; bitmaps of recent filters stay too.
 * Everything else is read from the file through a small pool of read-only connections.
 */
public final class SealedShard implements Segment, AutoCloseable {
  private static final int CACHED_FILTERS = 64;
  private static final byte[] NO_VECTOR = {};
  private static final String SELECT_DOCUMENTS =
      "SELECT ordinal, id, commit_seq, url, title, text, fields, attributes FROM documents"
          + " WHERE ordinal IN (SELECT value FROM json_each(?))";
  private static final String SELECT_LINKS =
      "SELECT source, target, anchor, rel FROM links"
          + " WHERE source IN (SELECT value FROM json_each(?)) ORDER BY rowid";

  private static final String SELECT_URLS =
      "SELECT ordinal, url FROM documents WHERE ordinal IN (SELECT value FROM json_each(?))";

  /** Below this square of its length a mean has no direction worth the name. */
  private static final double SMALLEST_MEAN = 1e-9;

  private final Path file;
  private final Map<String, String> meta;
  private final ReadOnlyPool pool;
  private final Supplier<Schema> schema;
  private final String[] ids;
  private final long[] versions;
  private final int[] firstPassages;
  private final int[] passageDocuments;
  private final int[] passageStarts;
  private final int[] passageEnds;
  private final TextIndex text;
  private final boolean linked;
  private final @Nullable VectorIndex vectors;
  private volatile long lastRead = System.nanoTime();
  private final List<RoutingCentroid> centroids;
  private final AttributeColumns columns = new AttributeColumns(new ShardPlaces());
  private final Set<String> filterable;
  private final Set<String> loadedColumns = new HashSet<>();
  private final Map<Filter, OrdinalSet> matching =
      new LinkedHashMap<>(16, .75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Filter, OrdinalSet> eldest) {
          return size() > CACHED_FILTERS;
        }
      };

  private SealedShard(Path file, ReadOnlyPool pool, Supplier<Schema> schema, TextIndexMemory memory)
      throws SQLException {
    this.file = file;
    this.pool = pool;
    this.schema = schema;
    try (var lease = pool.checkout()) {
      var connection = lease.connection();
      meta = readMeta(connection);
      requireReadable();
      filterable = filterableThen();
      int documents = Integer.parseInt(metaValue("documents"));
      int passages = Integer.parseInt(metaValue("passages"));
      ids = new String[documents];
      versions = new long[documents];
      firstPassages = new int[documents + 1];
      passageDocuments = new int[passages];
      passageStarts = new int[passages];
      passageEnds = new int[passages];
      loadIds(connection);
      loadPassages(connection);
      linked = hasLinks(connection);
      vectors = passages > 0 ? VectorIndex.open(connection) : null;
      centroids = passages > 0 ? RoutingCentroid.read(connection) : List.of();
    }
    text = TextIndex.open(pool, memory);
  }

  /**
   * Opens a shard.
   *
   * @param schema the namespace's schema now; attributes may have joined since the shard was
   *     written
   * @throws SQLException if the file cannot be read
   * @throws IllegalArgumentException if it is not a shard, or of a format that this build does not
   *     read
   */
  public static SealedShard open(
      Path file,
      Supplier<Schema> schema,
      ReadOnlySettings settings,
      TextIndexMemory memory,
      ScheduledExecutorService cleaner)
      throws SQLException {
    var pool = new ReadOnlyPool(file, settings, cleaner);
    try {
      return new SealedShard(file, pool, schema, memory);
    } catch (SQLException | RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  private static Map<String, String> readMeta(Connection connection) throws SQLException {
    var values = new TreeMap<String, String>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT key, value FROM meta")) {
      while (rows.next()) {
        values.put(rows.getString(1), rows.getString(2));
      }
    }
    return values;
  }

  private String metaValue(String key) {
    var value = meta.get(key);
    if (value == null) {
      throw new IllegalArgumentException(file + " is not a shard: meta has no " + key);
    }
    return value;
  }

  private void requireReadable() {
    var version = metaValue("format_version");
    if (!version.equals(Integer.toString(ShardWriter.FORMAT_VERSION))) {
      throw new IllegalArgumentException(
          file
              + " has shard format "
              + version
              + ", this build reads "
              + ShardWriter.FORMAT_VERSION);
    }
  }

  private static boolean hasLinks(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT 1 FROM links LIMIT 1")) {
      return rows.next();
    }
  }

  private void loadIds(Connection connection) throws SQLException {
    // The index holds all three, so that the texts are not read past.
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT ordinal, id, commit_seq FROM documents INDEXED BY documents_by_id")) {
      while (rows.next()) {
        int ordinal = rows.getInt(1);
        ids[ordinal] = rows.getString(2);
        versions[ordinal] = rows.getLong(3);
      }
    }
  }

  private void loadPassages(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT ordinal, document, start, \"end\" FROM passages ORDER BY ordinal")) {
      while (rows.next()) {
        int passage = rows.getInt(1);
        int document = rows.getInt(2);
        passageDocuments[passage] = document;
        passageStarts[passage] = rows.getInt(3);
        passageEnds[passage] = rows.getInt(4);
        firstPassages[document + 1] = passage + 1;
      }
    }
    for (int document = 1; document < firstPassages.length; document++) {
      firstPassages[document] = Math.max(firstPassages[document], firstPassages[document - 1]);
    }
  }

  @Override
  public Optional<String> shardId() {
    return Optional.of(metaValue("shard_id"));
  }

  public Path file() {
    return file;
  }

  public PoolState poolState() {
    return pool.state();
  }

  /** SQLite's settings in force on the shard's connections. */
  public Map<String, String> pragmas() {
    try {
      return pool.pragmas();
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  /** The cells that the vectors are laid out by, empty for a flat index. */
  public Optional<CentroidSet> centroidSet() {
    return vectors == null ? Optional.empty() : vectors.centroids();
  }

  @Override
  public int documentCount() {
    return ids.length;
  }

  @Override
  public int passageCount() {
    return passageDocuments.length;
  }

  @Override
  public String id(int document) {
    return ids[document];
  }

  @Override
  public long version(int document) {
    return versions[document];
  }

  @Override
  public int find(String id) {
    int at = Arrays.binarySearch(ids, id);
    if (at < 0) {
      return -1;
    }
    // Versions of one document stand together, the newest last.
    while (at + 1 < ids.length && ids[at + 1].equals(id)) {
      at++;
    }
    return at;
  }

  @Override
  public int before(int document) {
    return document > 0 && ids[document - 1].equals(ids[document]) ? document - 1 : -1;
  }

  @Override
  public boolean isSortedById() {
    return true;
  }

  @Override
  public int documentOf(int passage) {
    return passageDocuments[passage];
  }

  @Override
  public int firstPassage(int document) {
    return firstPassages[document];
  }

  @Override
  public int passageStart(int passage) {
    return passageStarts[passage];
  }

  @Override
  public int passageEnd(int passage) {
    return passageEnds[passage];
  }

  @Override
  public TextSegment text() {
    return text;
  }

  @Override
  public boolean mightMatch(TextQuery query) {
    return text.termFilter().mightMatch(query);
  }

  @Override
  public List<float[]> centroids() {
    return centroids.stream().map(RoutingCentroid::vector).toList();
  }

  /** What a router needs to know of the shard. */
  public ShardRouting routing() {
    return new ShardRouting(centroids, text.termFilter().toByteArray());
  }

  @Override
  public OrdinalSet matching(Filter filter) {
    synchronized (matching) {
      var known = matching.get(filter);
      if (known != null) {
        return known;
      }
    }
    loadColumns(filter);
    var found = columns.evaluate(filter, ids.length);
    synchronized (matching) {
      matching.put(filter, found);
    }
    return found;
  }

  @Override
  public Optional<ColumnView> column(String name) {
    loadColumns(new HashSet<>(Set.of(name)));
    return columns.view(name, ids.length);
  }

  private void loadColumns(Filter filter) {
    var names = new HashSet<String>();
    collectNames(filter, names);
    loadColumns(names);
  }

  private void loadColumns(Set<String> names) {
    synchronized (columns) {
      names.removeAll(loadedColumns);
      if (names.isEmpty()) {
        return;
      }
      try (var lease = pool.checkout()) {
        for (String name : names) {
          Attribute attribute = schema.get().attributes().get(name);
          if (name.equals(ColumnName.DERIVED_HOST)) {
            AttributeTables.loadHosts(lease.connection(), columns);
          } else if (attribute != null && hasColumn(name)) {
            AttributeTables.load(lease.connection(), name, attribute.type(), columns);
          }
          loadedColumns.add(name);
        }
      } catch (SQLException e) {
        throw unreadable(e);
      }
    }
  }

  /** An attribute that joined after the shard was written has no column here, and no values. */
  private boolean hasColumn(String name) {
    return filterable.contains(name);
  }

  private Set<String> filterableThen() {
    var names = new HashSet<String>();
    if (DocumentJson.readObject(metaValue("schema")).get("attributes")
        instanceof Map<?, ?> attributes) {
      attributes.forEach((name, description) -> {
        if (description instanceof Map<?, ?> map && Boolean.TRUE.equals(map.get("filterable"))) {
          names.add((String) name);
        }
      });
    }
    return names;
  }

  @Override
  public double estimate(Filter filter) {
    loadColumns(filter);
    return columns.estimate(filter, ids.length);
  }

  /** Places by the R*Tree of the file. */
  private final class ShardPlaces implements PlaceIndex {
    private final Map<String, double[]> samples = new ConcurrentHashMap<>();

    @Override
    public OrdinalSet within(String field, GeoArea area, int visible) {
      if (!hasColumn(field)) {
        return OrdinalSet.none(visible);
      }
      try (var lease = pool.checkout()) {
        return AttributeTables.within(lease.connection(), field, area, visible);
      } catch (SQLException e) {
        throw unreadable(e);
      }
    }

    @Override
    public double share(String field, GeoArea area, int visible) {
      if (!hasColumn(field)) {
        return 0;
      }
      // The number of all places, then latitudes and longitudes of some in turn.
      var sample = samples.computeIfAbsent(field, this::sample);
      int inside = 0;
      for (int i = 1; i < sample.length; i += 2) {
        inside += area.contains(sample[i], sample[i + 1]) ? 1 : 0;
      }
      return sample.length == 1 ? 0 : inside * 2.0 / (sample.length - 1) * sample[0] / visible;
    }

    private double[] sample(String field) {
      try (var lease = pool.checkout()) {
        return AttributeTables.samplePlaces(lease.connection(), field);
      } catch (SQLException e) {
        throw unreadable(e);
      }
    }
  }

  private static void collectNames(Filter filter, Set<String> names) {
    switch (filter) {
      case Filter.And and -> and.parts().forEach(part -> collectNames(part, names));
      case Filter.Or or -> or.parts().forEach(part -> collectNames(part, names));
      case Filter.Not not -> collectNames(not.part(), names);
      case Filter.In in -> names.add(in.field());
      case Filter.Range range -> names.add(range.field());
      case Filter.Prefix prefix -> names.add(prefix.field());
      case Filter.Exists exists -> names.add(exists.field());
      case Filter.GeoRadius _, Filter.GeoBox _ -> {
        // Answered by the R*Tree, without a column.
      }
    }
  }

  @Override
  public ScoredPassages nearest(
      VectorQuery query,
      int k,
      VectorSearchOptions options,
      @Nullable OrdinalSet accept,
      float floor) {
    if (vectors == null) {
      return ScoredPassages.NONE;
    }
    try (var lease = pool.checkout()) {
      return vectors.search(query, k, options, accept, floor, lease.connection());
    } catch (SQLException e) {
      throw unreadable(e);
    } catch (InternalError e) {
      throw cutShort(e);
    }
  }

  @Override
  public float[] vectors(int[] passages) {
    if (vectors == null || passages.length == 0) {
      return new float[0];
    }
    try (var lease = pool.checkout();
        var stored = vectors.stored(lease.connection())) {
      return stored.read(passages, passages.length);
    } catch (SQLException e) {
      throw unreadable(e);
    } catch (InternalError e) {
      throw cutShort(e);
    }
  }

  /** How long no document was read from it. */
  public Duration idleTime() {
    return Duration.ofNanos(System.nanoTime() - lastRead);
  }

  @Override
  public List<DocumentVersion> load(int[] ordinals, boolean withVectors) {
    lastRead = System.nanoTime();
    try (var lease = pool.checkout()) {
      var connection = lease.connection();
      var wanted = DocumentJson.write(ordinals);
      Map<Integer, List<Link>> links =
          linked ? loadLinks(lease.statement(SELECT_LINKS), wanted) : Map.of();
      var passages = loadPassages(connection, ordinals, withVectors);
      var found = new HashMap<Integer, DocumentVersion>();
      var select = lease.statement(SELECT_DOCUMENTS);
      select.setString(1, wanted);
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          int ordinal = rows.getInt(1);
          var others = rows.getString(7);
          SortedMap<String, String> fields =
              others == null ? new TreeMap<>() : DocumentJson.readTexts(others);
          putIfPresent(fields, "title", rows.getString(5));
          putIfPresent(fields, "text", rows.getString(6));
          found.put(
              ordinal,
              new DocumentVersion(
                  new Document(
                      rows.getString(2),
                      fields,
                      rows.getString(4),
                      DocumentJson.readObject(rows.getString(8)),
                      links.getOrDefault(ordinal, List.of()),
                      passages.getOrDefault(ordinal, List.of())),
                  rows.getLong(3)));
        }
      }
      var loaded = new ArrayList<DocumentVersion>(ordinals.length);
      for (int ordinal : ordinals) {
        var version = found.get(ordinal);
        if (version == null) {
          throw new SQLException("documents has no ordinal " + ordinal);
        }
        loaded.add(version);
      }
      return loaded;
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  /** Not a use of the shard: ranks that are computed again and again would keep it from rest. */
  @Override
  public List<LinkedDocument> links(int[] ordinals) {
    try (var lease = pool.checkout()) {
      var wanted = DocumentJson.write(ordinals);
      var links = loadLinks(lease.statement(SELECT_LINKS), wanted);
      var urls = new HashMap<Integer, String>();
      var select = lease.statement(SELECT_URLS);
      select.setString(1, wanted);
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          var url = rows.getString(2);
          if (url != null) {
            urls.put(rows.getInt(1), url);
          }
        }
      }
      var loaded = new ArrayList<LinkedDocument>(ordinals.length);
      for (int ordinal : ordinals) {
        loaded.add(
            new LinkedDocument(
                ids[ordinal], urls.get(ordinal), links.getOrDefault(ordinal, List.of())));
      }
      return loaded;
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  private static void putIfPresent(
      Map<String, String> fields, String name, @Nullable String value) {
    if (value != null) {
      fields.put(name, value);
    }
  }

  private static Map<Integer, List<Link>> loadLinks(PreparedStatement select, String wanted)
      throws SQLException {
    var links = new HashMap<Integer, List<Link>>();
    select.setString(1, wanted);
    try (var rows = select.executeQuery()) {
      while (rows.next()) {
        links
            .computeIfAbsent(rows.getInt(1), _ -> new ArrayList<>())
            .add(new Link(rows.getString(2), rows.getString(3), rows.getString(4)));
      }
    }
    return links;
  }

  private Map<Integer, List<Passage>> loadPassages(
      Connection connection, int[] ordinals, boolean withVectors) throws SQLException {
    var loaded = new HashMap<Integer, List<Passage>>();
    for (int ordinal : ordinals) {
      var passages = new ArrayList<Passage>();
      for (int p = firstPassages[ordinal]; p < firstPassages[ordinal + 1]; p++) {
        var vector = withVectors && vectors != null ? loadVector(connection, p) : NO_VECTOR;
        passages.add(new Passage(passageStarts[p], passageEnds[p], vector));
      }
      loaded.put(ordinal, passages);
    }
    return loaded;
  }

  /**
   * What a document is about: the mean of its passages' vectors, or the first of them where they
   * cancel out; no numbers where it has none.
   */
  public float[] meanVector(int document) {
    int first = firstPassages[document];
    int count = firstPassages[document + 1] - first;
    if (vectors == null || count == 0) {
      return new float[0];
    }
    try (var lease = pool.checkout()) {
      var mean = Vectors.toFloats(loadVector(lease.connection(), first));
      var head = mean.clone();
      for (int p = first + 1; p < first + count; p++) {
        var vector = Vectors.toFloats(loadVector(lease.connection(), p));
        for (int d = 0; d < mean.length; d++) {
          mean[d] += vector[d];
        }
      }
      double squares = 0;
      for (int d = 0; d < mean.length; d++) {
        mean[d] /= count;
        squares += (double) mean[d] * mean[d];
      }
      return squares < SMALLEST_MEAN ? head : mean;
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  private static byte[] loadVector(Connection connection, int passage) throws SQLException {
    try (var select =
        connection.prepareStatement("SELECT embedding FROM passage_vectors WHERE rowid = ?")) {
      select.setInt(1, passage + 1);
      try (var rows = select.executeQuery()) {
        if (!rows.next()) {
          throw new SQLException("passage_vectors has no row " + (passage + 1));
        }
        return rows.getBytes(1);
      }
    }
  }

  /**
   * A mapped page is not there any more: the file was cut short in place. The virtual machine
   * reports it by this error, at the latest where the method that read the page returns; what it
   * read meanwhile is nothing, and goes with the exception.
   */
  private SegmentReadException cutShort(InternalError e) {
    return new SegmentReadException(
        "shard " + meta.get("shard_id") + " cannot be read: its file was cut short", e);
  }

  private SegmentReadException unreadable(SQLException e) {
    return new SegmentReadException(
        "shard " + meta.get("shard_id") + " cannot be read: " + e.getMessage(), e);
  }

  /**
   * Reads that have begun end as they would; what they read from goes with the last of them. Ids,
   * versions and passages can be asked for for ever.
   */
  @Override
  public void close() {
    pool.close(() -> {
      text.close();
      if (vectors != null) {
        vectors.close();
      }
    });
  }
}
