package io.mosaicdb.benchmarks.vector;

import com.sun.management.ThreadMXBean;
import io.mosaicdb.benchmarks.gate.Figures;
import io.mosaicdb.storage.vector.CentroidSet;
import io.mosaicdb.storage.vector.VectorKernels;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Prints, from one run, recall, latency, build time and size of a shard's vector index and of
 * Lucene's HNSW variants on the same vectors, and their ratios against what MosaicDB promises.
 *
 * <p>Arguments: {@code [vectors=100000] [queries=500] [rounds=5] [dimensions=384] [seed=42]}; in
 * place of the number of vectors, the folder of a namespace, whose shards' own vectors are then
 * taken, and of which as many as there are queries are held out to ask with. All searches run on
 * one thread; the settings take turns, every query once a round, so that a noisy minute hits all of
 * them. Latency is the median over queries of the least wall time of a query over the rounds; CPU
 * is the same of the thread's CPU time.
 */
public final class VectorBenchmark {
  private static final int K = 10;

  private final float[][] queries;
  private final int[][] truth;
  private final int rounds;

  private VectorBenchmark(float[][] queries, int[][] truth, int rounds) {
    this.queries = queries;
    this.truth = truth;
    this.rounds = rounds;
  }

  public static void main(String[] arguments) throws Exception {
    int queries = argument(arguments, 1, 500);
    int rounds = argument(arguments, 2, 5);
    int dimensions = argument(arguments, 3, 384);
    int seed = argument(arguments, 4, 42);
    List<float[]> data;
    float[][] questions;
    if (arguments.length > 0 && !arguments[0].matches("\\d+")) {
      var own = ShardVectors.read(Path.of(arguments[0]));
      Collections.shuffle(own, new Random(seed));
      dimensions = own.getFirst().length;
      questions = own.subList(0, queries).toArray(float[][]::new);
      data = own.subList(queries, own.size());
    } else {
      int vectors = argument(arguments, 0, 100_000);
      var generator = new EmbeddingLikeVectors(dimensions, vectors, seed);
      data = List.of(generator.next(vectors));
      questions = generator.next(queries);
    }
    print(
        "vectors=%d queries=%d rounds=%d dimensions=%d seed=%d java=%s kernels=\"%s\"",
        data.size(),
        queries,
        rounds,
        dimensions,
        seed,
        Runtime.version(),
        VectorKernels.best().description());
    var nearest = ExactNeighbours.of(data, questions, K);
    print(
        "cosine of the nearest %.3f, of the tenth %.3f",
        nearest.meanScore(0), nearest.meanScore(K - 1));
    var folder = Files.createTempDirectory("mosaic-vector-benchmark");
    try {
      new VectorBenchmark(questions, nearest.ordinals(), rounds).run(folder, data);
    } finally {
      delete(folder);
    }
  }

  private static int argument(String[] arguments, int index, int fallback) {
    return index < arguments.length ? Integer.parseInt(arguments[index]) : fallback;
  }

  private void run(Path folder, List<float[]> data) throws Exception {
    var contenders = new ArrayList<Contender>();
    int cells = Math.max(1, CentroidSet.recommendedCells(data.size()));
    var flat = ShardContender.build(folder, data, 0);
    var shard = ShardContender.build(folder, data, cells);
    contenders.add(flat);
    contenders.add(shard);
    for (var kind : LuceneContender.Kind.values()) {
      contenders.add(LuceneContender.build(folder, kind, data));
    }
    print("%n%-28s %14s %14s", "built on one thread", "us a vector", "bytes a vector");
    for (var contender : contenders) {
      print(
          "%-28s %14.1f %14.0f",
          contender.name(), contender.buildMicros(), contender.bytesOnDisk());
    }
    print(
        "in memory: %.0f bytes a vector flat, %.0f with cells",
        flat.bytesInMemory(), shard.bytesInMemory());

    var runs = measure(contenders);
    print("%n%-28s %-24s %8s %10s %10s", "", "", "recall", "wall us", "CPU us");
    for (var run : runs) {
      print(
          "%-28s %-24s %8.4f %10.1f %10.1f",
          run.contender.name(), run.effort.name(), run.recall(), run.wallMicros(), run.cpuMicros());
    }
    printRatios(runs, contenders);
    printBandwidth(shard);
    for (var contender : contenders) {
      contender.close();
    }
  }

  private List<Run> measure(List<Contender> contenders) throws Exception {
    var runs = new ArrayList<Run>();
    for (var contender : contenders) {
      for (var effort : contender.efforts()) {
        runs.add(new Run(contender, effort, queries.length));
      }
    }
    return measured(runs);
  }

  private List<Run> measured(List<Run> runs) throws Exception {
    // The first round compiles and warms caches; nothing of it is kept.
    for (int round = 0; round <= rounds; round++) {
      for (var run : runs) {
        run.round(queries, truth, round > 0);
      }
    }
    return runs;
  }

  private static void printRatios(List<Run> runs, List<Contender> contenders) {
    print("%n%-56s %8s %8s %8s", "against the best Lucene variant", "ratio", "must", "aim");
    printSpeed(runs, .95, "2x", "3x");
    printSpeed(runs, .99, "3x", "6x");
    var ours = contenders.stream().filter(ShardContender.class::isInstance).toList();
    double slowest = ours.stream().mapToDouble(Contender::buildMicros).max().orElseThrow();
    var peer =
        contenders.stream()
            .filter(LuceneContender.class::isInstance)
            .min(Comparator.comparingDouble(Contender::buildMicros))
            .orElseThrow();
    print(
        "%-56s %7.1fx %8s %8s",
        String.format(
            Locale.ROOT,
            "build: %.1f us against %.1f us (%s)",
            slowest,
            peer.buildMicros(),
            peer.name()),
        peer.buildMicros() / slowest,
        "8x",
        "11x");
    Figures.record("vectors.build", peer.buildMicros() / slowest);
  }

  private static void printSpeed(List<Run> runs, double recall, String must, String aim) {
    var ours = fastest(runs, recall, ShardContender.class);
    var peers = fastest(runs, recall, LuceneContender.class);
    if (ours.isEmpty() || peers.isEmpty()) {
      print("recall >= %.2f was not reached by both", recall);
      return;
    }
    var our = ours.get();
    var peer = peers.get();
    print(
        "recall >= %.2f: %.0f us (%s, %s, %.4f)",
        recall, our.wallMicros(), our.contender.name(), our.effort.name(), our.recall());
    print(
        "%-56s %7.1fx %8s %8s",
        String.format(
            Locale.ROOT,
            "   against %.0f us (%s, %s, %.4f)",
            peer.wallMicros(),
            peer.contender.name(),
            peer.effort.name(),
            peer.recall()),
        peer.wallMicros() / our.wallMicros(),
        must,
        aim);
    Figures.record("vectors.recall_" + recall, peer.wallMicros() / our.wallMicros());
  }

  private static Optional<Run> fastest(
      List<Run> runs, double recall, Class<? extends Contender> type) {
    return runs.stream()
        .filter(run -> type.isInstance(run.contender) && run.recall() >= recall)
        .min(Comparator.comparingDouble(Run::wallMicros));
  }

  /** What one more cell costs, codes only, as bandwidth: selection of candidates included. */
  private void printBandwidth(ShardContender shard) throws Exception {
    int few = Math.max(1, shard.cells() / 8);
    var some = new Run(shard, shard.scanOf(few), queries.length);
    var all = new Run(shard, shard.scanOf(shard.cells()), queries.length);
    measured(List.of(some, all));
    int codeBytes = (shard.dimensions() + 63) / 64 * 8 + 8;
    double bytes = (double) codeBytes * shard.size() * (shard.cells() - few) / shard.cells();
    double scan = bytes / (all.cpuMicros() - some.cpuMicros()) / 1e3;
    int resident = codeBytes * shard.size();
    double cached = MemoryBandwidth.gigabytesPerSecond(resident);
    double uncached = MemoryBandwidth.gigabytesPerSecond(512 << 20);
    print(
        "%nscan of one-bit codes %.1f GB/s; reading memory %.1f GB/s for %d MB, %.1f GB/s for 512 MB",
        scan, cached, resident >> 20, uncached);
    print("   %.0f %% of what memory delivers (must 50 %%, aim 80 %%)", 100 * scan / uncached);
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

  /** One setting's results; times are the least of each query. */
  private static final class Run {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Contender contender;
    private final Contender.Effort effort;
    private final long[] wall;
    private final long[] cpu;
    private int found;

    Run(Contender contender, Contender.Effort effort, int queries) {
      this.contender = contender;
      this.effort = effort;
      this.wall = new long[queries];
      this.cpu = new long[queries];
      Arrays.fill(wall, Long.MAX_VALUE);
      Arrays.fill(cpu, Long.MAX_VALUE);
    }

    void round(float[][] queries, int[][] truth, boolean counts) throws Exception {
      int hits = 0;
      for (int i = 0; i < queries.length; i++) {
        long cpuStart = THREADS.getCurrentThreadCpuTime();
        long wallStart = System.nanoTime();
        var ordinals = effort.search(queries[i]);
        long wallTime = System.nanoTime() - wallStart;
        long cpuTime = THREADS.getCurrentThreadCpuTime() - cpuStart;
        if (counts) {
          wall[i] = Math.min(wall[i], wallTime);
          cpu[i] = Math.min(cpu[i], cpuTime);
        }
        hits += common(truth[i], ordinals);
      }
      found = hits;
    }

    private static int common(int[] truth, int[] found) {
      var set = new HashSet<Integer>();
      IntStream.of(truth).forEach(set::add);
      return (int) IntStream.of(found).filter(set::contains).count();
    }

    double recall() {
      return found / (double) (wall.length * K);
    }

    double wallMicros() {
      return median(wall);
    }

    double cpuMicros() {
      return median(cpu);
    }

    private static double median(long[] nanos) {
      var sorted = nanos.clone();
      Arrays.sort(sorted);
      return sorted[sorted.length / 2] / 1e3;
    }
  }
}
