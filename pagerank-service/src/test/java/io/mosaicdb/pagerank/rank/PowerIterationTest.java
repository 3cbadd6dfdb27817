package io.mosaicdb.pagerank.rank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mosaicdb.pagerank.graph.LinkGraph;
import io.mosaicdb.pagerank.graph.LinkGraphWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PowerIterationTest {
  private static final ExecutorService POOL = Executors.newFixedThreadPool(3);
  private static final RankSettings PRECISE = new RankSettings(.85, 1e-14, 1000);
  private static final Offset<Double> CLOSE = within(1e-12);

  @TempDir private Path folder;

  @AfterAll
  static void stop() {
    POOL.shutdownNow();
  }

  @Test
  void aDanglingNodeSharesItsMassWithAll() throws Exception {
    var ranks = ranks(2, new int[][] {{0, 1}}, PRECISE, Jumps.ANYWHERE);

    // x = .075 + .425 y and y = .075 + .85 x + .425 y, which is x = 20/57.
    assertThat(ranks[0]).isCloseTo(20.0 / 57, CLOSE);
    assertThat(ranks[1]).isCloseTo(37.0 / 57, CLOSE);
  }

  @Test
  void agreesWithTheTextbookOfFourPages() throws Exception {
    var ranks =
        ranks(4, new int[][] {{0, 1}, {0, 2}, {1, 2}, {2, 0}, {3, 2}}, PRECISE, Jumps.ANYWHERE);

    assertThat(ranks[0]).isCloseTo(.3725, within(1e-4));
    assertThat(ranks[1]).isCloseTo(.1958, within(1e-4));
    assertThat(ranks[2]).isCloseTo(.3941, within(1e-4));
    assertThat(ranks[3]).isCloseTo(.0375, within(1e-4));
    assertThat(Arrays.stream(ranks).sum()).isCloseTo(1, within(1e-9));
  }

  @Test
  void equalsTheSolutionOfTheLinearSystem() throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int round = 0; round < 30; round++) {
      int nodes = 2 + random.nextInt(30);
      int edges = random.nextInt(nodes * 3);
      var from = new int[edges];
      var to = new int[edges];
      var weight = new float[edges];
      for (int e = 0; e < edges; e++) {
        from[e] = random.nextInt(nodes);
        to[e] = random.nextInt(nodes);
        weight[e] = random.nextInt(1, 8);
      }
      var jumps =
          new Jumps(
              random.nextBoolean() ? null : distribution(nodes, random),
              random.nextBoolean() ? null : distribution(nodes, random));
      var file = folder.resolve("random" + round);
      try (var writer = LinkGraphWriter.ofWeightedEdges(file, nodes, 7)) {
        for (int e = 0; e < edges; e++) {
          writer.add(from[e], to[e], weight[e]);
        }
        writer.finish();
      }

      var ranks = ranks(file, PRECISE, jumps);

      var expected = solve(nodes, from, to, weight, PRECISE.damping(), jumps);
      assertThat(ranks)
          .as("seed %d round %d", seed, round)
          .containsExactly(expected, within(1e-10));
    }
  }

  @Test
  void doesNotDependOnThreads() throws Exception {
    var file = large();
    try (var one = Executors.newSingleThreadExecutor();
        var graph = LinkGraph.open(file)) {
      var alone = new PowerIteration(graph, PRECISE, Jumps.ANYWHERE, null, 0, one);
      var together = new PowerIteration(graph, PRECISE, Jumps.ANYWHERE, null, 0, POOL);
      for (int i = 0; i < 5; i++) {
        alone.iterate();
        together.iterate();
      }

      assertThat(together.ranks()).containsExactly(alone.ranks());
      assertThat(Arrays.stream(together.ranks()).sum()).isCloseTo(1, within(1e-12));
    }
  }

  @Test
  void goesOnWhereACheckpointStopped() throws Exception {
    var file = large();
    var stored = folder.resolve("checkpoint");
    try (var graph = LinkGraph.open(file)) {
      var whole = new PowerIteration(graph, PRECISE, Jumps.ANYWHERE, null, 0, POOL);
      for (int i = 0; i < 6; i++) {
        whole.iterate();
        if (i == 2) {
          new Checkpoint(whole.iterations(), whole.ranks()).write(stored);
        }
      }
      var checkpoint = Checkpoint.find(stored).orElseThrow();
      var resumed =
          new PowerIteration(
              graph, PRECISE, Jumps.ANYWHERE, checkpoint.ranks(), checkpoint.iterations(), POOL);
      for (int i = 0; i < 3; i++) {
        resumed.iterate();
      }

      assertThat(resumed.iterations()).isEqualTo(6);
      assertThat(resumed.ranks()).containsExactly(whole.ranks(), within(1e-15));
    }
  }

  @Test
  void aDamagedCheckpointIsNone() throws Exception {
    var stored = folder.resolve("checkpoint");
    new Checkpoint(3, new double[] {.25, .75}).write(stored);
    var bytes = Files.readAllBytes(stored);
    bytes[20] ^= 1;
    Files.write(stored, bytes);

    assertThat(Checkpoint.find(stored)).isEmpty();
    assertThat(Checkpoint.find(folder.resolve("none"))).isEmpty();
  }

  @Test
  void stopsAtTheCapOrAtTheTolerance() throws Exception {
    var file = large();
    try (var graph = LinkGraph.open(file)) {
      var capped =
          new PowerIteration(graph, new RankSettings(.85, 1e-12, 1), Jumps.ANYWHERE, null, 0, POOL);
      capped.iterate();
      assertThat(capped.done()).isTrue();
      assertThat(capped.converged()).isFalse();

      var loose =
          new PowerIteration(
              graph, new RankSettings(.85, 1e-3, 1000), Jumps.ANYWHERE, null, 0, POOL);
      while (!loose.done()) {
        loose.iterate();
      }
      assertThat(loose.converged()).isTrue();
      assertThat(loose.iterations()).isBetween(2, 100);
      assertThat(loose.residual()).isLessThan(1e-3);
    }
  }

  @Test
  void aWarmStartNeedsFewerIterationsAndEndsTheSame() throws Exception {
    var file = large();
    try (var graph = LinkGraph.open(file)) {
      var cold = new PowerIteration(graph, PRECISE, Jumps.ANYWHERE, null, 0, POOL);
      while (!cold.done()) {
        cold.iterate();
      }
      var nearly = cold.ranks();
      nearly[0] *= 1.001;
      var warm = new PowerIteration(graph, PRECISE, Jumps.ANYWHERE, nearly, 0, POOL);
      while (!warm.done()) {
        warm.iterate();
      }

      assertThat(warm.iterations()).isLessThan(cold.iterations());
      assertThat(warm.ranks()).containsExactly(cold.ranks(), within(1e-12));
    }
  }

  @Test
  void refusesWhatIsNoDistribution() throws Exception {
    try (var graph = graph(2, new int[][] {{0, 1}})) {
      assertThatThrownBy(
              () -> new PowerIteration(graph, PRECISE, Jumps.to(new double[] {1}), null, 0, POOL))
          .hasMessage("teleport must have 2 values, got 1");
      assertThatThrownBy(() ->
              new PowerIteration(graph, PRECISE, Jumps.to(new double[] {1, -1}), null, 0, POOL))
          .hasMessage("teleport must not be negative, got -1.0");
      assertThatThrownBy(() -> new RankSettings(1, 0, 1))
          .hasMessage("damping must be in [0, 1), got 1.0");
    }
  }

  private Path large() throws IOException {
    int nodes = 40_000;
    var random = new Random(5);
    var file = folder.resolve("large");
    try (var writer = LinkGraphWriter.ofLinks(file, nodes, 50_000)) {
      for (int e = 0; e < 200_000; e++) {
        // A few nodes are popular, some have no links.
        int to = (int) (nodes * Math.pow(random.nextDouble(), 3));
        writer.add(random.nextInt(nodes * 3 / 4), to);
      }
      writer.finish();
    }
    return file;
  }

  private LinkGraph graph(int nodes, int[][] edges) throws IOException {
    var file = folder.resolve("graph");
    try (var writer = LinkGraphWriter.ofLinks(file, nodes, 100)) {
      for (int[] edge : edges) {
        writer.add(edge[0], edge[1]);
      }
      writer.finish();
    }
    return LinkGraph.open(file);
  }

  private double[] ranks(int nodes, int[][] edges, RankSettings settings, Jumps jumps)
      throws Exception {
    graph(nodes, edges).close();
    return ranks(folder.resolve("graph"), settings, jumps);
  }

  private static double[] ranks(Path file, RankSettings settings, Jumps jumps) throws Exception {
    try (var graph = LinkGraph.open(file)) {
      var iteration = new PowerIteration(graph, settings, jumps, null, 0, POOL);
      while (!iteration.done()) {
        iteration.iterate();
      }
      return iteration.ranks();
    }
  }

  private static double[] distribution(int nodes, Random random) {
    var values = new double[nodes];
    for (int i = 0; i < nodes; i++) {
      values[i] = random.nextInt(3);
    }
    values[random.nextInt(nodes)] = 1;
    return values;
  }

  /** Ranks as the solution of (I - d P) x = (1 - d) t, by Gaussian elimination. */
  private static double[] solve(
      int nodes, int[] from, int[] to, float[] weight, double damping, Jumps jumps) {
    var teleport = normal(nodes, jumps.teleport());
    var dangling = jumps.dangling() == null ? teleport : normal(nodes, jumps.dangling());
    var out = new double[nodes];
    for (int e = 0; e < from.length; e++) {
      out[from[e]] += weight[e];
    }
    var system = new double[nodes][nodes + 1];
    for (int v = 0; v < nodes; v++) {
      system[v][v] += 1;
      system[v][nodes] = (1 - damping) * teleport[v];
      for (int u = 0; u < nodes; u++) {
        if (out[u] == 0) {
          system[v][u] -= damping * dangling[v];
        }
      }
    }
    for (int e = 0; e < from.length; e++) {
      system[to[e]][from[e]] -= damping * weight[e] / out[from[e]];
    }
    for (int column = 0; column < nodes; column++) {
      int pivot = column;
      for (int row = column + 1; row < nodes; row++) {
        if (Math.abs(system[row][column]) > Math.abs(system[pivot][column])) {
          pivot = row;
        }
      }
      var swapped = system[column];
      system[column] = system[pivot];
      system[pivot] = swapped;
      for (int row = 0; row < nodes; row++) {
        if (row != column) {
          double factor = system[row][column] / system[column][column];
          for (int k = column; k <= nodes; k++) {
            system[row][k] -= factor * system[column][k];
          }
        }
      }
    }
    var solution = new double[nodes];
    for (int v = 0; v < nodes; v++) {
      solution[v] = system[v][nodes] / system[v][v];
    }
    return solution;
  }

  private static double[] normal(int nodes, double @org.jspecify.annotations.Nullable [] values) {
    var scaled = new double[nodes];
    double sum = values == null ? nodes : Arrays.stream(values).sum();
    for (int i = 0; i < nodes; i++) {
      scaled[i] = (values == null ? 1 : values[i]) / sum;
    }
    return scaled;
  }
}
