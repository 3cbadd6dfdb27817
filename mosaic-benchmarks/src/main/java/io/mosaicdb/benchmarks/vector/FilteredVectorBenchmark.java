package io.mosaicdb.benchmarks.vector;

import io.mosaicdb.benchmarks.gate.Figures;
import io.mosaicdb.storage.bits.OrdinalSet;
import io.mosaicdb.storage.vector.CentroidSet;
import io.mosaicdb.storage.vector.VectorKernels;
import io.mosaicdb.storage.vector.VectorSearchOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Prints recall and latency of vector search under filters of several selectivities, beside the
 * same search without a filter.
 *
 * <p>Arguments: {@code [vectors=100000] [queries=300] [rounds=5] [dimensions=384] [seed=42]}. Two
 * kinds of filters: {@code scattered} accepts vectors at random, {@code clustered} those nearest to
 * a random vector, as a filter on a topic does, which is far from most queries. All on one thread;
 * every setting takes its turn in every round; latency is the median over queries of the least time
 * of a query over the rounds.
 */
public final class FilteredVectorBenchmark {
  private static final int K = 10;
  private static final double[] SHARES = {.5, .1, .01, .001};

  private FilteredVectorBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    int vectors = argument(arguments, 0, 100_000);
    int queries = argument(arguments, 1, 300);
    int rounds = argument(arguments, 2, 5);
    int dimensions = argument(arguments, 3, 384);
    int seed = argument(arguments, 4, 42);
    print(
        "vectors=%d queries=%d rounds=%d dimensions=%d seed=%d java=%s kernels=\"%s\"",
        vectors,
        queries,
        rounds,
        dimensions,
        seed,
        Runtime.version(),
        VectorKernels.best().description());
    var generator = new EmbeddingLikeVectors(dimensions, vectors, seed);
    var data = List.of(generator.next(vectors));
    var questions = generator.next(queries);
    var folder = Files.createTempDirectory("mosaic-filtered-benchmark");
    try {
      for (int cells : new int[] {0, CentroidSet.recommendedCells(vectors)}) {
        try (var shard = ShardContender.build(folder, data, cells)) {
          measure(shard, data, questions, rounds, seed);
        }
      }
    } finally {
      delete(folder);
    }
  }

  private static void measure(
      ShardContender shard, List<float[]> data, float[][] questions, int rounds, int seed)
      throws Exception {
    var runs = new ArrayList<Run>();
    runs.add(run(shard, "no filter", data, questions, null, VectorSearchOptions.DEFAULT));
    for (double share : SHARES) {
      for (boolean clustered : new boolean[] {false, true}) {
        var accept = filter(data, share, clustered, seed);
        var name =
            String.format(
                Locale.ROOT, "%s %.1f %%", clustered ? "clustered" : "scattered", 100 * share);
        for (var options : List.of(VectorSearchOptions.DEFAULT, VectorSearchOptions.EXACT)) {
          runs.add(run(shard, name, data, questions, accept, options));
        }
      }
    }
    // The first round compiles and warms caches; nothing of it is kept.
    for (int round = 0; round <= rounds; round++) {
      for (var run : runs) {
        run.round(questions, round > 0);
      }
    }
    print(
        "%n%-30s %-20s %-9s %8s %8s %8s",
        shard.name(), "filter", "effort", "recall", "us", "ratio");
    double unfiltered = runs.getFirst().micros();
    for (var run : runs) {
      print(
          "%-30s %-20s %-9s %8.4f %8.1f %7.2fx",
          "",
          run.name,
          run.effort.name(),
          run.found / (double) run.expected,
          run.micros(),
          run.micros() / unfiltered);
    }
    if (shard.cells() > 1) {
      runs.stream()
          .filter(run -> run.name.equals("scattered 10.0 %") && !run.effort.name().equals("exact"))
          .forEach(run -> Figures.record("filtered.tenth_to_all", unfiltered / run.micros()));
    }
  }

  private static Run run(
      ShardContender shard,
      String name,
      List<float[]> data,
      float[][] questions,
      @Nullable OrdinalSet accept,
      VectorSearchOptions options) {
    var accepted =
        IntStream.range(0, data.size()).filter(i -> accept == null || accept.contains(i)).toArray();
    var among = IntStream.of(accepted).mapToObj(data::get).toList();
    var nearest = ExactNeighbours.of(among, questions, Math.min(K, accepted.length)).ordinals();
    for (int[] row : nearest) {
      Arrays.setAll(row, i -> accepted[row[i]]);
    }
    return new Run(name, shard.among(accept, options), nearest);
  }

  private static OrdinalSet filter(List<float[]> data, double share, boolean clustered, int seed) {
    var random = new Random(seed + (long) (1e6 * share));
    var bits = new long[OrdinalSet.wordsFor(data.size())];
    int wanted = (int) (data.size() * share);
    if (clustered) {
      var centre = new float[][] {data.get(random.nextInt(data.size()))};
      for (int ordinal : ExactNeighbours.of(data, centre, wanted).ordinals()[0]) {
        bits[ordinal >>> 6] |= 1L << ordinal;
      }
    } else {
      for (int set = 0; set < wanted; ) {
        int ordinal = random.nextInt(data.size());
        if ((bits[ordinal >>> 6] >>> ordinal & 1) == 0) {
          bits[ordinal >>> 6] |= 1L << ordinal;
          set++;
        }
      }
    }
    return OrdinalSet.wrap(bits, data.size());
  }

  private static int argument(String[] arguments, int index, int fallback) {
    return index < arguments.length ? Integer.parseInt(arguments[index]) : fallback;
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }

  private static void delete(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** One filter searched with one effort; times are the least of each query. */
  private static final class Run {
    private final String name;
    private final Contender.Effort effort;
    private final int[][] nearest;
    private final long[] nanos;
    private final int expected;
    private int found;

    Run(String name, Contender.Effort effort, int[][] nearest) {
      this.name = name;
      this.effort = effort;
      this.nearest = nearest;
      this.nanos = new long[nearest.length];
      this.expected = Arrays.stream(nearest).mapToInt(row -> row.length).sum();
      Arrays.fill(nanos, Long.MAX_VALUE);
    }

    void round(float[][] questions, boolean counts) throws Exception {
      found = 0;
      for (int i = 0; i < questions.length; i++) {
        long start = System.nanoTime();
        var ordinals = effort.search(questions[i]);
        long time = System.nanoTime() - start;
        if (counts) {
          nanos[i] = Math.min(nanos[i], time);
        }
        var truth = new HashSet<Integer>();
        IntStream.of(nearest[i]).forEach(truth::add);
        found += (int) IntStream.of(ordinals).filter(truth::contains).count();
      }
    }

    double micros() {
      var sorted = nanos.clone();
      Arrays.sort(sorted);
      return sorted[sorted.length / 2] / 1e3;
    }
  }
}
