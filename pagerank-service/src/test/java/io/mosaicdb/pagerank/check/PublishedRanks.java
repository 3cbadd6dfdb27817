package io.mosaicdb.pagerank.check;

import io.mosaicdb.pagerank.graph.LinkGraph;
import io.mosaicdb.pagerank.graph.LinkGraphWriter;
import io.mosaicdb.pagerank.rank.Jumps;
import io.mosaicdb.pagerank.rank.PowerIteration;
import io.mosaicdb.pagerank.rank.RankSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compares our ranks with published ones: the vectors of {@code pagerank-vectors/vectors.json}
 * (each within its source's tolerance, and within 1e-9 of the collector's own computation), the
 * outputs of LDBC Graphalytics (fixed iterations, a relative error of 1e-4 as its validation
 * allows), and two real graphs to 1e-9, converged and after 20 iterations. Prints each largest
 * difference and how many passed of how many.
 */
public final class PublishedRanks {
  private static final double LDBC_TOLERANCE = 1e-4;
  private static final double CONVERGED = 1e-15;
  private static final int MOST_ITERATIONS = 10_000;

  private final Path folder;
  private final Path scratch;
  private final ExecutorService pool;
  private int total;
  private int passed;

  private PublishedRanks(Path folder, Path scratch, ExecutorService pool) {
    this.folder = folder;
    this.scratch = scratch;
    this.pool = pool;
  }

  /** Argument: the folder with {@code pagerank-vectors}, {@code ldbc-graphalytics}, …. */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 1) {
      throw new IllegalArgumentException("say where the folders of graphs are");
    }
    var scratch = Files.createTempDirectory("ranks");
    try (var pool = Executors.newFixedThreadPool(2)) {
      var check = new PublishedRanks(Path.of(arguments[0]), scratch, pool);
      check.vectors();
      check.graphalytics();
      check.real("polblogs-2005");
      check.real("snap-email-eu-core");
      System.out.printf("%d of %d passed%n", check.passed, check.total);
      System.exit(check.passed == check.total ? 0 : 1);
    }
  }

  private record Graph(int nodes, List<int[]> edges, double @Nullable [] weights) {}

  private void vectors() throws IOException, InterruptedException {
    var file = folder.resolve("pagerank-vectors/vectors.json");
    if (!Files.exists(file)) {
      return;
    }
    var root = JsonMapper.shared().readTree(file);
    for (JsonNode vector : root.path("vectors")) {
      var edges = new ArrayList<int[]>();
      for (JsonNode edge : vector.path("edges")) {
        edges.add(new int[] {edge.get(0).asInt(), edge.get(1).asInt()});
      }
      var graph = new Graph(vector.path("nodes").asInt(), edges, numbers(vector.path("weights")));
      var jumps =
          new Jumps(numbers(vector.path("personalization")), numbers(vector.path("dangling")));
      int iterations = vector.path("iterations").asInt(0);
      var ranks = ranks(graph, vector.path("damping").asDouble(), iterations, jumps);
      var name = vector.path("name").asString();
      compare(
          name,
          ranks,
          numbers(vector.path("expected")),
          vector.path("source_tolerance").asDouble(),
          iterations > 0);
      compare(name + ", recomputed", ranks, numbers(vector.path("our_recomputation")), 1e-9, false);
    }
  }

  private static double @Nullable [] numbers(JsonNode node) {
    if (!node.isArray()) {
      return null;
    }
    var numbers = new double[node.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = node.get(i).asDouble();
    }
    return numbers;
  }

  private void graphalytics() throws IOException, InterruptedException {
    var base = folder.resolve("ldbc-graphalytics/validation-graphs");
    if (!Files.isDirectory(base)) {
      return;
    }
    ldbc(base.resolve("pr/dir-input"), base.resolve("pr/dir-output"), 14, true);
    ldbc(base.resolve("pr/undir-input"), base.resolve("pr/undir-output"), 26, false);
    var example = base.resolve("example");
    ldbc(
        example.resolve("example-directed-input"), example.resolve("example-directed-PR"), 2, true);
    ldbc(
        example.resolve("example-undirected-input"),
        example.resolve("example-undirected-PR"),
        2,
        false);
  }

  /** A line a vertex: its id, then those it leads to; undirected edges stand in both lines. */
  private void ldbc(Path input, Path output, int iterations, boolean directed)
      throws IOException, InterruptedException {
    var lines = Files.readAllLines(input);
    var numbers = new HashMap<Long, Integer>();
    for (String line : lines) {
      numbers.put(Long.parseLong(line.strip().split("\\s+")[0]), numbers.size());
    }
    var edges = new ArrayList<int[]>();
    for (String line : lines) {
      var words = line.strip().split("\\s+");
      int source = node(numbers, words[0]);
      for (int i = 1; i < words.length; i++) {
        edges.add(new int[] {source, node(numbers, words[i])});
      }
    }
    if (!directed) {
      requireSymmetric(edges);
    }
    var expected = new double[numbers.size()];
    for (String line : Files.readAllLines(output)) {
      var words = line.strip().split("\\s+");
      expected[node(numbers, words[0])] = Double.parseDouble(words[1]);
    }
    var ranks = ranks(new Graph(numbers.size(), edges, null), .85, iterations, Jumps.ANYWHERE);
    compare(
        "ldbc " + input.getFileName() + ", " + iterations + " iterations",
        ranks,
        expected,
        LDBC_TOLERANCE,
        true);
  }

  private static int node(Map<Long, Integer> numbers, String vertex) {
    var node = numbers.get(Long.parseLong(vertex));
    if (node == null) {
      throw new IllegalStateException("there is no vertex " + vertex);
    }
    return node;
  }

  private static void requireSymmetric(List<int[]> edges) {
    Map<Long, Integer> counts = new HashMap<>();
    for (int[] edge : edges) {
      counts.merge((long) edge[0] << 32 | edge[1], 1, Integer::sum);
    }
    counts.forEach((key, count) -> {
      if (!count.equals(counts.get(key << 32 | key >>> 32))) {
        throw new IllegalStateException("an undirected edge stands in one direction only");
      }
    });
  }

  private void real(String name) throws IOException, InterruptedException {
    var base = folder.resolve(name);
    if (!Files.isDirectory(base)) {
      return;
    }
    int nodes = Files.readAllLines(base.resolve("nodes.tsv")).size();
    var edges = new ArrayList<int[]>();
    for (String line : Files.readAllLines(base.resolve("edges.tsv"))) {
      var words = line.split("\t");
      edges.add(new int[] {Integer.parseInt(words[0]), Integer.parseInt(words[1])});
    }
    var converged = new double[nodes];
    var early = new double[nodes];
    for (String line : Files.readAllLines(base.resolve("pagerank-0.85.tsv"))) {
      if (!line.startsWith("node")) {
        var words = line.split("\t");
        converged[Integer.parseInt(words[0])] = Double.parseDouble(words[1]);
        early[Integer.parseInt(words[0])] = Double.parseDouble(words[2]);
      }
    }
    var graph = new Graph(nodes, edges, null);
    compare(name + ", converged", ranks(graph, .85, 0, Jumps.ANYWHERE), converged, 1e-9, false);
    compare(name + ", 20 iterations", ranks(graph, .85, 20, Jumps.ANYWHERE), early, 1e-9, false);
  }

  /** {@code iterations} 0: until it converges. */
  private double[] ranks(Graph graph, double damping, int iterations, Jumps jumps)
      throws IOException, InterruptedException {
    var file = scratch.resolve("graph");
    var weights = graph.weights();
    try (var writer =
        weights == null
            ? LinkGraphWriter.ofParallelEdges(file, graph.nodes(), 1000)
            : LinkGraphWriter.ofWeightedEdges(file, graph.nodes(), 1000)) {
      for (int i = 0; i < graph.edges().size(); i++) {
        var edge = graph.edges().get(i);
        writer.add(edge[0], edge[1], weights == null ? 1 : (float) weights[i]);
      }
      writer.finish();
    }
    var settings =
        new RankSettings(
            damping,
            iterations == 0 ? CONVERGED : 0,
            iterations == 0 ? MOST_ITERATIONS : iterations);
    try (var open = LinkGraph.open(file)) {
      var iteration = new PowerIteration(open, settings, jumps, null, 0, pool);
      while (!iteration.done()) {
        iteration.iterate();
      }
      return iteration.ranks();
    }
  }

  private void compare(
      String name,
      double[] ranks,
      double @Nullable [] expected,
      double tolerance,
      boolean relative) {
    if (expected == null || expected.length != ranks.length) {
      throw new IllegalStateException(name + " expects another number of ranks");
    }
    double most = 0;
    for (int i = 0; i < ranks.length; i++) {
      double difference = Math.abs(ranks[i] - expected[i]);
      most = Math.max(most, relative ? difference / expected[i] : difference);
    }
    boolean sums = Math.abs(Arrays.stream(ranks).sum() - 1) < 1e-9;
    boolean ok = most < tolerance && sums;
    total++;
    passed += ok ? 1 : 0;
    System.out.printf(
        "%-6s %-55s nodes %5d  %s difference %.2e, allowed %.0e%n",
        ok ? "ok" : "FAILED",
        name,
        ranks.length,
        relative ? "relative" : "largest",
        most,
        tolerance);
  }
}
