package io.mosaicdb.storage.vector;

import io.mosaicdb.storage.bits.OrdinalSet;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of a live segment: appended by one thread, searched by many, without locks.
 *
 * <p>Vectors fill chunks of 256. A full chunk also gets one-bit codes around its own mean, so that
 * a search estimates most vectors as in a sealed shard and reads the floats of the best only; the
 * last chunk is scored by its floats. Nothing that is visible ever changes: a reader names how many
 * vectors it may see, which {@link #size()} has reached, and its result depends on nothing else but
 * whether a chunk had its codes yet. Meant for up to about 50,000 vectors.
 */
public final class LiveVectors implements VectorSource {
  private static final int CHUNK = 256;

  /** Candidates beyond {@code k} that show how good the k-th result will be. */
  private static final int FIRST_CANDIDATES = 20;

  private static final VectorSearchOptions EFFORT = VectorSearchOptions.targeting(.99);

  /** A filter that accepts at most this share is scored by floats alone. */
  private static final double DIRECT_SHARE = .02;

  private final VectorKernels kernels = VectorKernels.best();
  private final VectorMetric metric;
  private final CodeLayout layout;
  private final Rotation rotation;
  private volatile Chunk[] chunks = {};
  private volatile int size;

  /**
   * The mean of the first chunk, on which all codes are centred; set before any chunk has codes.
   */
  private float @Nullable [] centre;

  public LiveVectors(VectorMetric metric, int dimensions) {
    this.metric = metric;
    this.layout = new CodeLayout(dimensions);
    this.rotation = new Rotation(dimensions);
  }

  /**
   * Adds a copy of {@code vector}; one thread at a time.
   *
   * @return its ordinal, which is visible to readers when this method returns
   * @throws IllegalArgumentException if it has other dimensions, a component that is not finite, or
   *     no direction under cosine; nothing is added then
   */
  public int append(float[] vector) {
    if (vector.length != layout.dimensions()) {
      throw new IllegalArgumentException(
          "vector must have " + layout.dimensions() + " dimensions, got " + vector.length);
    }
    var prepared = metric.prepare(vector);
    int ordinal = size;
    int slot = ordinal % CHUNK;
    if (slot == 0) {
      var grown = Arrays.copyOf(chunks, ordinal / CHUNK + 1);
      grown[ordinal / CHUNK] = new Chunk(new float[CHUNK * layout.dimensions()]);
      chunks = grown;
    }
    var chunk = chunks[ordinal / CHUNK];
    System.arraycopy(prepared, 0, chunk.floats, slot * prepared.length, prepared.length);
    if (slot == CHUNK - 1) {
      chunk.codes = encode(chunk.floats);
    }
    size = ordinal + 1;
    return ordinal;
  }

  private Codes encode(float[] floats) {
    var vectors = new float[CHUNK][];
    for (int i = 0; i < CHUNK; i++) {
      vectors[i] =
          Arrays.copyOfRange(floats, i * layout.dimensions(), (i + 1) * layout.dimensions());
    }
    var mean = CentroidSet.meanOf(vectors);
    var common = centre;
    if (common == null) {
      common = mean;
      centre = mean;
    }
    var codes = new long[layout.blockAt(CHUNK)];
    var encoder = new ResidualEncoder(metric, common);
    for (int i = 0; i < CHUNK; i++) {
      encoder.encode(vectors[i], mean, codes, null, i);
    }
    return new Codes(common, mean, codes, encoder.deviation());
  }

  /** How many vectors are visible now. */
  @Override
  public int size() {
    return size;
  }

  public VectorMetric metric() {
    return metric;
  }

  public int dimensions() {
    return layout.dimensions();
  }

  /** A copy of a visible vector, as it is indexed: of length one under cosine. */
  @Override
  public float[] vector(int ordinal) {
    if (ordinal < 0 || ordinal >= size) {
      throw new IndexOutOfBoundsException(
          "ordinal " + ordinal + " is not among the " + size + " visible vectors");
    }
    int from = ordinal % CHUNK * layout.dimensions();
    return Arrays.copyOfRange(chunks[ordinal / CHUNK].floats, from, from + layout.dimensions());
  }

  /** Bytes held on the heap; grows by whole chunks. */
  public long bytes() {
    long floats = (long) CHUNK * layout.dimensions() * Float.BYTES;
    return chunks.length * floats + (long) size / CHUNK * layout.blockAt(CHUNK) * Long.BYTES;
  }

  /**
   * The best {@code k} of the accepted among the first {@code visibleCount} vectors, or all if
   * fewer are accepted. Every score returned is computed from floats.
   *
   * @param exact whether every accepted vector is compared, so that none can be missed
   * @param accept ordinals that may be returned, null for all; covers at least the visible ones
   * @param floor vectors that score less are left out
   * @throws IllegalArgumentException if the query has another metric or other dimensions, {@code k}
   *     is not positive, more is asked for than is visible, or {@code accept} covers less
   */
  public ScoredPassages search(
      VectorQuery query,
      int k,
      boolean exact,
      int visibleCount,
      @Nullable OrdinalSet accept,
      float floor) {
    check(query, k, visibleCount, accept);
    int accepted = accept == null ? visibleCount : Math.min(visibleCount, accept.cardinality());
    int wanted = Math.min(k, accepted);
    if (wanted == 0) {
      return ScoredPassages.NONE;
    }
    var results = new TopCandidates(wanted);
    if (exact || accepted <= Math.max(2 * wanted, visibleCount * DIRECT_SHARE)) {
      scoreDirectly(query, visibleCount, accept, results);
    } else {
      scan(query, wanted, visibleCount, accept, floor, results);
    }
    return results.toPassages(floor);
  }

  /** The same; a few of the best may be missed. */
  public ScoredPassages search(
      VectorQuery query, int k, int visibleCount, @Nullable OrdinalSet accept) {
    return search(query, k, false, visibleCount, accept, Float.NEGATIVE_INFINITY);
  }

  private void check(VectorQuery query, int k, int visibleCount, @Nullable OrdinalSet accept) {
    if (query.metric() != metric || query.dimensions() != layout.dimensions()) {
      throw new IllegalArgumentException(
          "the live segment holds "
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
    if (visibleCount < 0 || visibleCount > size) {
      throw new IllegalArgumentException(
          "visible count must be between 0 and " + size + ", got " + visibleCount);
    }
    if (accept != null && accept.size() < visibleCount) {
      throw new IllegalArgumentException(
          visibleCount + " vectors are visible, the filter covers " + accept.size());
    }
  }

  private void scoreDirectly(
      VectorQuery query, int visible, @Nullable OrdinalSet accept, TopCandidates results) {
    var known = chunks;
    for (int ordinal = 0; ordinal < visible; ordinal++) {
      if (accept == null || accept.contains(ordinal)) {
        results.add(score(query, known, ordinal), ordinal);
      }
    }
  }

  private void scan(
      VectorQuery query,
      int wanted,
      int visible,
      @Nullable OrdinalSet accept,
      float floor,
      TopCandidates results) {
    var known = chunks;
    int coded = 0;
    while (coded * CHUNK < visible && known[coded].codes != null) {
      coded++;
    }
    for (int ordinal = coded * CHUNK; ordinal < visible; ordinal++) {
      if (accept == null || accept.contains(ordinal)) {
        results.add(score(query, known, ordinal), ordinal);
      }
    }
    if (coded > 0) {
      scanCodes(query, wanted, Arrays.copyOf(known, coded), visible, accept, floor, results);
    }
  }

  private void scanCodes(
      VectorQuery query,
      int wanted,
      Chunk[] coded,
      int visible,
      @Nullable OrdinalSet accept,
      float floor,
      TopCandidates results) {
    var firstCodes = codesOf(coded[0]);
    var quantized = QuantizedQuery.of(query.vector(), firstCodes.centre, rotation);
    // Chunks of one segment are alike: the first tells how far estimates stray.
    float doubt = EFFORT.doubt() * firstCodes.deviation * quantized.length();
    int most = EFFORT.candidatesOf(wanted, layout.dimensions());
    float least = metric.estimateOf(floor);
    var estimated = new CloseCandidates(wanted + FIRST_CANDIDATES, most, doubt, least);
    var estimates = new float[CHUNK];
    var indexes = new int[CHUNK];
    for (int i = 0; i < coded.length; i++) {
      var codes = codesOf(coded[i]);
      int count = Math.min(CHUNK, visible - i * CHUNK);
      float base = query.base(kernels, codes.mean, 0);
      int blocks = CodeLayout.padded(count) / VectorKernels.BLOCK;
      kernels.estimate(codes.blocks, 0, blocks, quantized, base, estimates);
      int selected = kernels.select(estimates, count, estimated.threshold(), indexes);
      for (int j = 0; j < selected; j++) {
        int ordinal = i * CHUNK + indexes[j];
        if (accept == null || accept.contains(ordinal)) {
          estimated.add(estimates[indexes[j]], ordinal);
        }
      }
    }
    addScores(query, estimated.first(), results);
    if (results.size() >= wanted) {
      float last = metric.estimateOf(results.score(wanted));
      addScores(query, estimated.others(Math.max(last, least) - doubt), results);
    }
  }

  private static Codes codesOf(Chunk chunk) {
    return Objects.requireNonNull(chunk.codes, "a chunk never loses its codes");
  }

  private void addScores(VectorQuery query, int[] ordinals, TopCandidates results) {
    var known = chunks;
    for (int ordinal : ordinals) {
      results.add(score(query, known, ordinal), ordinal);
    }
  }

  private float score(VectorQuery query, Chunk[] known, int ordinal) {
    int from = ordinal % CHUNK * layout.dimensions();
    return metric.score(kernels, query.vector(), known[ordinal / CHUNK].floats, from);
  }

  /** Floats are written before {@link #size} makes them visible, codes once, when all are there. */
  private static final class Chunk {
    final float[] floats;
    volatile @Nullable Codes codes;

    Chunk(float[] floats) {
      this.floats = floats;
    }
  }

  private record Codes(float[] centre, float[] mean, long[] blocks, float deviation) {}
}
