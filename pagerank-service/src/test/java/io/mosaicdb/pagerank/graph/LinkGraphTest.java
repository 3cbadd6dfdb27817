package io.mosaicdb.pagerank.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkGraphTest {
  @TempDir private Path folder;

  @Test
  void sumsOverTheSameEdgesWhateverTheirOrderAndWidth() throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    // Gaps of one, two, three and four bytes.
    for (int nodes : new int[] {3, 200, 50_000, 1_000_000, 17_000_000}) {
      var file = folder.resolve("graph" + nodes);
      var edges = new HashSet<Long>();
      var expected = new double[8];
      var contribution = new double[nodes];
      var out = new java.util.HashMap<Integer, Integer>();
      try (var writer = LinkGraphWriter.ofLinks(file, nodes, 37)) {
        for (int e = 0; e < 300; e++) {
          int source = random.nextInt(nodes);
          int target = random.nextInt(Math.min(nodes, 8));
          contribution[source] = source % 97;
          writer.add(source, target);
          if (random.nextInt(4) == 0) {
            writer.add(source, target);
          }
          if (edges.add((long) target << 32 | source)) {
            out.merge(source, 1, Integer::sum);
          }
        }
        assertThat(writer.finish()).isEqualTo(edges.size());
      }
      for (long edge : edges) {
        expected[(int) (edge >>> 32)] += contribution[(int) edge];
      }

      try (var graph = LinkGraph.open(file)) {
        assertThat(graph.nodes()).isEqualTo(nodes);
        assertThat(graph.edges()).isEqualTo(edges.size());
        for (int v = 0; v < Math.min(nodes, 8); v++) {
          assertThat(graph.sumInto(v, contribution)).as("seed %d", seed).isEqualTo(expected[v]);
        }
        assertThat(graph.sumInto(nodes - 1, contribution))
            .isEqualTo(nodes <= 8 ? expected[nodes - 1] : 0);
        out.forEach(
            (node, links) -> assertThat(graph.outWeight(node)).isEqualTo(links.doubleValue()));
      }
      Files.delete(file);
    }
  }

  @Test
  void keepsParallelEdgesWhereAsked() throws Exception {
    var file = folder.resolve("graph");
    try (var writer = LinkGraphWriter.ofParallelEdges(file, 2, 2)) {
      for (int i = 0; i < 5; i++) {
        writer.add(0, 1);
      }
      assertThat(writer.finish()).isEqualTo(5);
    }

    try (var graph = LinkGraph.open(file)) {
      assertThat(graph.sumInto(1, new double[] {2, 0})).isEqualTo(10);
      assertThat(graph.outWeight(0)).isEqualTo(5);
    }
  }

  @Test
  void aGraphWithoutEdgesOrNodesIsAGraph() throws Exception {
    for (int nodes : new int[] {0, 3}) {
      var file = folder.resolve("empty" + nodes);
      try (var writer = LinkGraphWriter.ofLinks(file, nodes, 2)) {
        assertThat(writer.finish()).isZero();
      }
      try (var graph = LinkGraph.open(file)) {
        assertThat(graph.nodes()).isEqualTo(nodes);
        assertThat(graph.edges()).isZero();
      }
    }
  }

  @Test
  void leavesNothingBehindButTheGraph() throws Exception {
    var file = folder.resolve("graph");
    try (var writer = LinkGraphWriter.ofLinks(file, 10, 2)) {
      for (int i = 0; i < 9; i++) {
        writer.add(i, i + 1);
      }
      writer.finish();
    }
    try (var abandoned = LinkGraphWriter.ofLinks(folder.resolve("other"), 10, 2)) {
      for (int i = 0; i < 9; i++) {
        abandoned.add(i, i + 1);
      }
    }

    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void refusesWhatIsNoGraph() throws Exception {
    var file = folder.resolve("graph");
    try (var writer = LinkGraphWriter.ofLinks(file, 3, 10)) {
      assertThatThrownBy(() -> writer.add(0, 3))
          .hasMessage("an edge's ends must be in [0, 3), got 0 -> 3");
      writer.add(0, 1);
      writer.finish();
    }
    var bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));

    assertThatThrownBy(() -> LinkGraph.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is cut short or damaged");
    Files.write(file, new byte[100]);
    assertThatThrownBy(() -> LinkGraph.open(file)).hasMessageContaining("is not a link graph");
  }
}
