package io.mosaicdb.storage.vector;

import io.mosaicdb.storage.bits.OrdinalSet;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The vector index of one sealed shard.
 *
 * <p>Codes are copied to the heap and rows of bytes off it when it is opened, together about 460
 * bytes a vector of 384 dimensions; the floats stay in the file, which is mapped. Thread-safe; a
 * search after {@link #close()} throws {@link IllegalStateException}.
 */
public final class VectorIndex implements AutoCloseable {
  /** Positions scored together: their estimates stay in the first-level cache. */
  private static final int TILE = 512;

  /** A filter that accepts at most this share is scored directly: random rows against all codes. */
  private static final double DIRECT_SHARE = .04;

  /**
   * How many more vectors are scanned behind a filter: its ten nearest lie further from the query.
   */
  private static final double WIDENED = 1.5;

  /** Fewer accepted vectors tell too little of where the nearest are. */
  private static final int FEW_ACCEPTED = 1_000;

  /** Of so many vectors of a cell one is asked whether the filter accepts it, to stop in time. */
  private static final int ACCEPT_SAMPLE = 8;

  /** So few vectors are always scored directly: estimating them first would hardly be faster. */
  private static final int DIRECT_COUNT = 512;

  /** So many vectors are scanned for each result wanted: many results lie in many cells. */
  private static final int SCANNED_PER_RESULT = 16;

  /** Candidates beyond {@code k} that show how good the k-th result will be. */
  private static final int FIRST_CANDIDATES = 20;

  /** Standard deviations of rounding that a candidate may lie behind the last result. */
  private static final float DOUBT = 5;

  private final VectorKernels kernels;
  private final Arena arena = Arena.ofShared();
  private final VectorMetric metric;
  private final CodeLayout layout;
  private final float largestNorm;
  private final float codeDeviation;
  private final float[] centre;
  private final Rotation rotation;
  private final @Nullable CentroidSet centroids;

  /** Positions of cell {@code c} are {@code starts[c]} to {@code starts[c] + counts[c]}. */
  private final int[] starts;

  private final int[] counts;
  private final int[] ordinals;
  private final int[] positions;
  private final int[] cellOfBlock;
  private final long[] codes;
  private final MemorySegment rows;
  private final @Nullable MappedVectors mapped;

  private VectorIndex(
      Connection connection, ResultSet index, @Nullable CentroidSet known, VectorKernels kernels)
      throws SQLException {
    this.kernels = kernels;
    try {
      int version = index.getInt("version");
      if (version != VectorIndexWriter.VERSION) {
        throw new SQLException(
            "vector index has version "
                + version
                + ", this build reads "
                + VectorIndexWriter.VERSION);
      }
      metric = VectorMetric.valueOf(index.getString("metric"));
      layout = new CodeLayout(index.getInt("dimensions"));
      rotation = new Rotation(layout.dimensions());
      largestNorm = index.getFloat("largest_norm");
      codeDeviation = index.getFloat("code_deviation");
      centre = floats(index.getBytes("centre"));
      var ownCentroids = index.getBytes("centroids");
      centroids = ownCentroids == null ? null : sharing(CentroidSet.fromBytes(ownCentroids), known);
      counts = countCells(connection, centroids == null ? 1 : centroids.size());
      starts = startsOf(counts);
      int end = starts[counts.length];
      ordinals = new int[end];
      positions = new int[index.getInt("vectors")];
      cellOfBlock = new int[end / VectorKernels.BLOCK];
      codes = new long[layout.blockAt(end)];
      rows = arena.allocate(Math.max(1, (long) end * layout.rowBytes()), 64);
      mapped = MappedVectors.of(connection, layout.dimensions(), positions.length, arena);
      load(connection);
    } catch (SQLException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /**
   * Loads the index of the sealed shard that {@code connection} is open on; sqlite-vec is not
   * needed. The connection may be closed afterwards.
   */
  public static VectorIndex open(Connection connection) throws SQLException {
    return open(connection, null);
  }

  /**
   * The same, sharing the memory of {@code known} if it is the set that the shard was built with.
   */
  public static VectorIndex open(Connection connection, @Nullable CentroidSet known)
      throws SQLException {
    return open(connection, known, VectorKernels.best());
  }

  static VectorIndex open(Connection connection, @Nullable CentroidSet known, VectorKernels kernels)
      throws SQLException {
    try (var statement = connection.createStatement();
        var index = statement.executeQuery("SELECT * FROM vector_index")) {
      if (!index.next()) {
        throw new SQLException("vector_index has no row: the shard is damaged");
      }
      return new VectorIndex(connection, index, known, kernels);
    }
  }

  private static CentroidSet sharing(CentroidSet own, @Nullable CentroidSet known) {
    return known != null && known.equals(own) ? known : own;
  }

  private static int[] countCells(Connection connection, int cells) throws SQLException {
    var counts = new int[cells];
    try (var statement = connection.createStatement();
        var slices = statement.executeQuery("SELECT cell, vectors FROM vector_slices")) {
      while (slices.next()) {
        counts[slices.getInt(1)] += slices.getInt(2);
      }
    }
    return counts;
  }

  private static int[] startsOf(int[] counts) {
    var starts = new int[counts.length + 1];
    for (int cell = 0; cell < counts.length; cell++) {
      starts[cell + 1] = starts[cell] + CodeLayout.padded(counts[cell]);
    }
    return starts;
  }

  private void load(Connection connection) throws SQLException {
    Arrays.fill(ordinals, -1);
    for (int cell = 0; cell < counts.length; cell++) {
      Arrays.fill(
          cellOfBlock,
          starts[cell] / VectorKernels.BLOCK,
          starts[cell + 1] / VectorKernels.BLOCK,
          cell);
    }
    var next = starts.clone();
    try (var statement = connection.createStatement();
        var slices =
            statement.executeQuery(
                "SELECT slice, cell, vectors, ordinals, codes, residuals FROM vector_slices ORDER BY slice")) {
      while (slices.next()) {
        int slice = slices.getInt(1);
        int cell = slices.getInt(2);
        int count = slices.getInt(3);
        int from = next[cell];
        next[cell] += count;
        long ordinalBytes = (long) count * Integer.BYTES;
        ByteBuffer.wrap(blob(slices, 4, slice, ordinalBytes))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asIntBuffer()
            .get(ordinals, from, count);
        int codeLongs = layout.blockAt(CodeLayout.padded(count));
        var codeBytes = blob(slices, 5, slice, (long) codeLongs * Long.BYTES);
        MemorySegment.copy(
            MemorySegment.ofArray(codeBytes),
            ScalarKernels.LONG,
            0,
            codes,
            layout.blockAt(from),
            codeLongs);
        var rowBytes = blob(slices, 6, slice, (long) count * layout.rowBytes());
        MemorySegment.copy(
            MemorySegment.ofArray(rowBytes),
            0,
            rows,
            (long) from * layout.rowBytes(),
            rowBytes.length);
      }
    }
    for (int position = 0; position < ordinals.length; position++) {
      if (ordinals[position] >= 0) {
        positions[ordinals[position]] = position;
      }
    }
  }

  private static byte[] blob(ResultSet slices, int column, int slice, long expected)
      throws SQLException {
    var bytes = slices.getBytes(column);
    if (bytes == null || bytes.length != expected) {
      throw new SQLException(
          "column "
              + column
              + " of vector slice "
              + slice
              + " must have "
              + expected
              + " bytes, got "
              + (bytes == null ? "none" : bytes.length)
              + ": the shard is damaged");
    }
    return bytes;
  }

  private static float[] floats(byte[] bytes) {
    var floats = new float[bytes.length / Float.BYTES];
    MemorySegment.copy(
        MemorySegment.ofArray(bytes), ScalarKernels.FLOAT, 0, floats, 0, floats.length);
    return floats;
  }

  public VectorMetric metric() {
    return metric;
  }

  public int dimensions() {
    return layout.dimensions();
  }

  /** The set that the cells belong to, empty if the index is flat. */
  public Optional<CentroidSet> centroids() {
    return Optional.ofNullable(centroids);
  }

  /** How many vectors there are. */
  public int size() {
    return positions.length;
  }

  /** How many cells there are; one if the index is flat. */
  public int cells() {
    return counts.length;
  }

  /** Bytes held, on and off the heap, without the centroid set. */
  public long bytes() {
    return (long) codes.length * Long.BYTES
        + rows.byteSize()
        + (mapped == null ? 0 : mapped.bytesOnHeap())
        + (long) Integer.BYTES
            * (ordinals.length + positions.length + cellOfBlock.length + 2L * counts.length);
  }

  /** What reads this shard's floats through {@code connection}, for one thread at a time. */
  public StoredVectors stored(Connection connection) {
    return new StoredVectors(connection, mapped, layout.dimensions());
  }

  /** The same without the mapping, as where the file cannot be mapped. */
  StoredVectors storedBySql(Connection connection) {
    return new StoredVectors(connection, null, layout.dimensions());
  }

  /**
   * {@link #search(VectorQuery, int, VectorSearchOptions, OrdinalSet, float, StoredVectors)},
   * preparing anew.
   */
  public ScoredPassages search(
      VectorQuery query,
      int k,
      VectorSearchOptions options,
      @Nullable OrdinalSet accept,
      float floor,
      Connection connection)
      throws SQLException {
    try (var stored = stored(connection)) {
      return search(query, k, options, accept, floor, stored);
    }
  }

  /** The same without a floor, preparing anew. */
  ScoredPassages search(
      VectorQuery query,
      int k,
      VectorSearchOptions options,
      @Nullable OrdinalSet accept,
      Connection connection)
      throws SQLException {
    return search(query, k, options, accept, Float.NEGATIVE_INFINITY, connection);
  }

  /** The same without a floor. */
  public ScoredPassages search(
      VectorQuery query,
      int k,
      VectorSearchOptions options,
      @Nullable OrdinalSet accept,
      StoredVectors stored)
      throws SQLException {
    return search(query, k, options, accept, Float.NEGATIVE_INFINITY, stored);
  }

  /**
   * The best {@code k} of the accepted passages, or all if fewer are accepted.
   *
   * @param accept passage ordinals that may be returned, null for all; tested inside the scan, so
   *     it never costs results
   * @param floor passages that score less are left out, so that less is searched where other shards
   *     have given better ones already
   * @param stored reads the floats of the last candidates; every score returned is computed from
   *     floats
   * @throws IllegalArgumentException if the query has another metric or other dimensions, {@code k}
   *     is not positive, or {@code accept} is a set over another number of passages
   */
  public ScoredPassages search(
      VectorQuery query,
      int k,
      VectorSearchOptions options,
      @Nullable OrdinalSet accept,
      float floor,
      StoredVectors stored)
      throws SQLException {
    check(query, k, accept);
    int accepted = accept == null ? size() : accept.cardinality();
    int wanted = Math.min(k, accepted);
    if (wanted == 0) {
      return ScoredPassages.NONE;
    }
    var filter = accepted == size() ? null : accept;
    boolean direct =
        accepted <= Math.max(Math.max(DIRECT_COUNT, 2 * wanted), size() * DIRECT_SHARE);
    int probes = options.probesOf(counts.length);
    // Whoever reads rows anywhere, or may have to go further, needs the bases of all cells.
    boolean bounded = !direct && !options.exact() && filter == null;
    var routing = routing(query, bounded ? probes : counts.length);
    var scoring = new ByteScoring(routing);
    if (options.exact()) {
      return exactly(query, scoring, wanted, filter, stored).toPassages(floor);
    }
    float least = metric.estimateOf(floor);
    var top = new TopCandidates(Math.max(30, wanted + wanted / 2));
    if (direct) {
      scoring.addTo(top, positionsOf(filter, accepted));
    } else {
      float doubt = options.doubt() * codeDeviation * routing.query().length();
      int most = Math.min(accepted, options.candidatesOf(wanted, layout.dimensions()));
      var estimated = new CloseCandidates(wanted + FIRST_CANDIDATES, most, doubt, least);
      // Where others have enough, there is no need to find k at any price.
      int needed = floor == Float.NEGATIVE_INFINITY ? wanted : 0;
      scoring.routing = scan(query, routing, probes, estimated, wanted, needed, filter, accepted);
      scoring.addTo(top, estimated.first());
      if (top.size() > 0) {
        scoring.addTo(top, estimated.others(Math.max(top.score(wanted), least) - doubt));
      }
    }
    return rescore(query, scoring, top, wanted, least, stored).toPassages(floor);
  }

  private VectorQuery.Routing routing(VectorQuery query, int near) {
    return centroids == null ? query.routing(centre, rotation) : query.routing(centroids, near);
  }

  private void check(VectorQuery query, int k, @Nullable OrdinalSet accept) {
    if (query.metric() != metric || query.dimensions() != layout.dimensions()) {
      throw new IllegalArgumentException(
          "the index holds "
              + layout.dimensions()
              + " dimensions under "
              + metric
              + ", the query has "
              + query.dimensions()
              + " under "
              + query.metric());
    }
    if (k < 1) {
      throw new IllegalArgumentException("k must be > 0, got " + k);
    }
    if (accept != null && accept.size() != size()) {
      throw new IllegalArgumentException(
          "the index holds " + size() + " passages, the filter covers " + accept.size());
    }
  }

  /** The positions of the accepted ordinals, ascending. */
  private int[] positionsOf(@Nullable OrdinalSet accept, int accepted) {
    if (accept == null) {
      return allPositions();
    }
    var result = new int[accepted];
    int found = 0;
    var words = accept.words();
    for (int i = 0; i < words.length; i++) {
      for (long word = words[i]; word != 0; word &= word - 1) {
        result[found++] = positions[(i << 6) + Long.numberOfTrailingZeros(word)];
      }
    }
    Arrays.sort(result);
    return result;
  }

  private int[] allPositions() {
    var result = positions.clone();
    Arrays.sort(result);
    return result;
  }

  /**
   * Scans {@code probes} cells, the most promising first. Behind a filter it goes on until as many
   * accepted vectors were scored as {@value #WIDENED} times as many cells hold of an even filter,
   * and enough of them for the result: one that accepts little near the query widens the search
   * instead of emptying it.
   *
   * @return the routing, with more bases where more cells were needed than had them
   */
  private VectorQuery.Routing scan(
      VectorQuery query,
      VectorQuery.Routing known,
      int probes,
      CloseCandidates top,
      int wanted,
      int needed,
      @Nullable OrdinalSet accept,
      int accepted) {
    double share = accept == null ? 1 : WIDENED * accepted / size();
    var estimates = new float[TILE];
    var indexes = new int[TILE];
    double target = 0;
    double scanned = 0;
    var routing = known;
    for (int i = 0; i < counts.length; i++) {
      if (i == routing.ranked()) {
        routing = routing(query, counts.length);
      }
      int cell = routing.cells()[i];
      target += i < probes ? counts[cell] : 0;
      double enough = Math.max(share * target, Math.min(target, FEW_ACCEPTED));
      if (i >= probes
          && scanned >= Math.max(enough, share * SCANNED_PER_RESULT * wanted)
          && top.size() >= needed) {
        break;
      }
      scanCell(routing, cell, accept, top, estimates, indexes);
      if (i + 1 < counts.length) {
        scanned += accept == null ? counts[cell] : acceptedIn(cell, accept);
      }
    }
    return routing;
  }

  /** About how many: it only decides how far to scan. */
  private double acceptedIn(int cell, OrdinalSet accept) {
    int sampled = 0;
    for (int i = starts[cell]; i < starts[cell] + counts[cell]; i += ACCEPT_SAMPLE) {
      sampled += accept.contains(ordinals[i]) ? ACCEPT_SAMPLE : 0;
    }
    return Math.min(sampled, counts[cell]);
  }

  private void scanCell(
      VectorQuery.Routing routing,
      int cell,
      @Nullable OrdinalSet accept,
      CloseCandidates top,
      float[] estimates,
      int[] indexes) {
    int end = starts[cell] + counts[cell];
    for (int from = starts[cell]; from < end; from += TILE) {
      int count = Math.min(TILE, end - from);
      kernels.estimate(
          codes,
          layout.blockAt(from),
          CodeLayout.padded(count) / VectorKernels.BLOCK,
          routing.query(),
          routing.bases()[cell],
          estimates);
      int selected = kernels.select(estimates, count, top.threshold(), indexes);
      for (int i = 0; i < selected; i++) {
        int position = from + indexes[i];
        if (accept == null || accept.contains(ordinals[position])) {
          top.add(estimates[indexes[i]], position);
        }
      }
    }
  }

  /** Scores those by floats that may be among the best by bytes, and keeps the best. */
  private TopCandidates rescore(
      VectorQuery query,
      ByteScoring scoring,
      TopCandidates top,
      int wanted,
      float floor,
      StoredVectors stored)
      throws SQLException {
    var best = top.sorted();
    float doubt = DOUBT * scoring.deviation();
    float least = floor - doubt;
    if (best.length >= wanted) {
      least = Math.max(least, TopCandidates.score(best[wanted - 1]) - doubt);
    }
    int count = 0;
    while (count < best.length && TopCandidates.score(best[count]) >= least) {
      count++;
    }
    var ordinalsToRead = new int[count];
    for (int i = 0; i < count; i++) {
      ordinalsToRead[i] = ordinals[TopCandidates.position(best[i])];
    }
    var results = new TopCandidates(wanted);
    scoreByFloats(query, ordinalsToRead, count, results, stored);
    return results;
  }

  private void scoreByFloats(
      VectorQuery query, int[] wanted, int count, TopCandidates results, StoredVectors stored)
      throws SQLException {
    var floats = stored.read(wanted, count);
    for (int i = 0; i < count; i++) {
      results.add(
          metric.score(kernels, query.vector(), floats, i * layout.dimensions()), wanted[i]);
    }
  }

  /**
   * The true best: every accepted row of bytes gives a lower and an upper bound of its score; the
   * k-th best lower bound leaves few whose floats must be read.
   */
  private TopCandidates exactly(
      VectorQuery query,
      ByteScoring scoring,
      int wanted,
      @Nullable OrdinalSet accept,
      StoredVectors stored)
      throws SQLException {
    var candidates = positionsOf(accept, accept == null ? size() : accept.cardinality());
    var upperBounds = new float[candidates.length];
    var lowerBounds = new TopCandidates(wanted);
    float slack = scoring.slack(query, largestNorm);
    for (int from = 0; from < candidates.length; from += TILE) {
      int count = scoring.score(candidates, from);
      for (int i = 0; i < count; i++) {
        float error = scoring.largestError(scoring.steps[i]) + slack;
        upperBounds[from + i] = scoring.scores[i] + error;
        lowerBounds.add(scoring.scores[i] - error, scoring.positions[i]);
      }
    }
    float least = TopCandidates.score(lowerBounds.sorted()[wanted - 1]);
    var results = new TopCandidates(wanted);
    var batch = new int[TILE];
    int batched = 0;
    for (int i = 0; i < candidates.length; i++) {
      if (upperBounds[i] >= least) {
        batch[batched++] = ordinals[candidates[i]];
      }
      if (batched == TILE || (batched > 0 && i == candidates.length - 1)) {
        scoreByFloats(query, batch, batched, results, stored);
        batched = 0;
      }
    }
    return results;
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  /** Scores by rows of bytes, {@value #TILE} at a time; belongs to one search. */
  private final class ByteScoring {
    private VectorQuery.Routing routing;
    private final float[] sums = new float[TILE];
    private final int[] positions = new int[TILE];
    private final float[] scores = new float[TILE];
    private final float[] steps = new float[TILE];
    private final float sumOfSizes;
    private float largestStep;

    /** Written only: without it the compiler would leave the reads out. */
    @SuppressWarnings("UnusedVariable")
    private int touched;

    ByteScoring(VectorQuery.Routing routing) {
      this.routing = routing;
      this.sumOfSizes = sumOfSizes();
    }

    /** Scores candidates from {@code from} on, at most a tile; returns how many. */
    int score(int[] candidates, int from) {
      int count = Math.min(TILE, candidates.length - from);
      System.arraycopy(candidates, from, positions, 0, count);
      touched += touch(count);
      kernels.byteDots(rows, layout.rowBytes(), routing.query().centred(), positions, count, sums);
      for (int i = 0; i < count; i++) {
        int position = positions[i];
        float base = routing.bases()[cellOfBlock[position >>> 3]];
        float step = rows.get(ScalarKernels.FLOAT, layout.stepAt(position));
        float own = rows.get(ScalarKernels.FLOAT, layout.rowOffsetAt(position));
        steps[i] = step;
        scores[i] = base + (own + step * sums[i]);
      }
      return count;
    }

    /**
     * Reads a byte of each line of the rows: independent reads overlap, where those of the kernel
     * would wait for memory row after row.
     */
    private int touch(int count) {
      int sum = 0;
      for (int i = 0; i < count; i++) {
        long row = (long) positions[i] * layout.rowBytes();
        for (int line = 0; line < layout.rowBytes(); line += 64) {
          sum += rows.get(ValueLayout.JAVA_BYTE, row + line);
        }
      }
      return sum;
    }

    /** Scores all candidates and offers them to {@code top}. */
    void addTo(TopCandidates top, int[] candidates) {
      for (int from = 0; from < candidates.length; from += TILE) {
        int count = score(candidates, from);
        for (int i = 0; i < count; i++) {
          largestStep = Math.max(largestStep, steps[i]);
          if (scores[i] > top.threshold()) {
            top.add(scores[i], positions[i]);
          }
        }
      }
    }

    /** The standard deviation of a score, components being rounded evenly within a step. */
    float deviation() {
      return largestStep * routing.query().length() / (float) Math.sqrt(12);
    }

    /** What rounding to bytes can change at most: half a step in every dimension. */
    float largestError(float step) {
      return step / 2 * sumOfSizes;
    }

    private float sumOfSizes() {
      float sum = 0;
      for (float value : routing.query().centred()) {
        sum += Math.abs(value);
      }
      return sum;
    }

    /** What rounding sums of floats can change at most, generously. */
    float slack(VectorQuery query, float largestNorm) {
      double squares = 0;
      for (float value : query.vector()) {
        squares += (double) value * value;
      }
      double reach = Math.sqrt(squares) + largestNorm;
      return (float) (reach * reach * (layout.dimensions() + 64) * 0x1p-22);
    }
  }
}
