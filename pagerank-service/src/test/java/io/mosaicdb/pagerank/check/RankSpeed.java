package io.mosaicdb.pagerank.check;

import io.mosaicdb.pagerank.graph.LinkGraph;
import io.mosaicdb.pagerank.graph.LinkGraphWriter;
import io.mosaicdb.pagerank.rank.Jumps;
import io.mosaicdb.pagerank.rank.PowerIteration;
import io.mosaicdb.pagerank.rank.RankSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;

/**
 * Times iterations over a synthetic graph beside the memory bandwidth of the same machine. Targets
 * follow a power law, as links do; sources are anywhere, which no cache helps with, or, as pages of
 * a site do, mostly near their target.
 */
public final class RankSpeed {
  private static final int ROUNDS = 12;

  private RankSpeed() {}

  /** Arguments: nodes, edges, share of near sources; 1000000 20000000 0 where absent. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int nodes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    int edges = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20_000_000;
    double near = arguments.length > 2 ? Double.parseDouble(arguments[2]) : 0;
    var file = Files.createTempDirectory("speed").resolve("graph");
    long start = System.nanoTime();
    long kept = build(file, nodes, edges, near);
    System.out.printf(
        "graph: %,d nodes, %,d edges (%,d after merging), built in %.1f s, %,d bytes, %.2f an edge%n",
        nodes, edges, kept, seconds(start), Files.size(file), (double) Files.size(file) / kept);
    double bandwidth = bandwidth();
    for (int threads = 1; threads <= Runtime.getRuntime().availableProcessors(); threads++) {
      time(file, kept, nodes, threads, bandwidth);
    }
    Files.delete(file);
  }

  private static long build(Path file, int nodes, int edges, double near) throws IOException {
    var random = new SplittableRandom(7);
    try (var writer = LinkGraphWriter.ofLinks(file, nodes, LinkGraphWriter.STANDARD_RUN)) {
      for (int i = 0; i < edges; i++) {
        // Cubed: one in a hundred nodes takes a fifth of the edges.
        double u = random.nextDouble();
        int rank = (int) (nodes * u * u * u);
        int target = (int) (((long) rank * 7_368_787) % nodes);
        int source =
            random.nextDouble() < near
                ? Math.floorMod(target + random.nextInt(-500, 500), nodes)
                : random.nextInt(nodes);
        if (source != target) {
          writer.add(source, target);
        }
      }
      return writer.finish();
    }
  }

  private static void time(Path file, long edges, int nodes, int threads, double bandwidth)
      throws IOException, InterruptedException {
    try (var pool = Executors.newFixedThreadPool(threads);
        var graph = LinkGraph.open(file)) {
      var settings = new RankSettings(.85, 0, 10_000);
      var iteration = new PowerIteration(graph, settings, Jumps.ANYWHERE, null, 0, pool);
      var took = new double[ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        long start = System.nanoTime();
        iteration.iterate();
        took[i] = seconds(start);
      }
      Arrays.sort(took);
      double median = took[ROUNDS / 2];
      // The edges once, the contributions at random (at most once an edge), five vectors of nodes.
      double streamed = graph.bytes() + 5.0 * 8 * nodes;
      System.out.printf(
          "%d thread(s): %.1f ms an iteration (best %.1f), %.1f M edges/s, %.1f M a core;"
              + " streams %.2f GB/s of %.1f GB/s that one core reads; vectors %d MB%n",
          threads,
          median * 1e3,
          took[0] * 1e3,
          edges / median / 1e6,
          edges / median / 1e6 / threads,
          streamed / median / 1e9,
          bandwidth,
          (4L * 8 * nodes) >> 20);
    }
  }

  /** What one thread reads of memory that no cache holds, in GB/s: the best of some rounds. */
  private static double bandwidth() {
    var values = new long[32 << 20];
    Arrays.setAll(values, i -> i);
    long least = Long.MAX_VALUE;
    long sink = 0;
    for (int round = 0; round < 10; round++) {
      long start = System.nanoTime();
      for (long value : values) {
        sink += value;
      }
      least = Math.min(least, System.nanoTime() - start);
    }
    return sink == 1 ? 0 : 8.0 * values.length / least;
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
