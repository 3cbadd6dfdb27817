package io.mosaicdb.pagerank.rank;

import io.mosaicdb.pagerank.graph.LinkGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The power method over one graph, an iteration at a time, so that its caller can store what there
 * is, report it, or stop. Not thread-safe; uses its pool's threads inside an iteration.
 */
public final class PowerIteration {
  /** Nodes a block: small enough to share the work, fixed so that sums do not depend on threads. */
  private static final int BLOCK = 1 << 14;

  private final LinkGraph graph;
  private final RankSettings settings;
  private final double @Nullable [] teleport;
  private final double @Nullable [] dangling;
  private final ExecutorService pool;
  private final int blocks;
  private final double[] contribution;
  private final double[] outWeight;
  private double[] ranks;
  private double[] next;
  private int iterations;
  private double residual = Double.POSITIVE_INFINITY;

  /**
   * Starts at {@code start}.
   *
   * @param start ranks to begin with, scaled to sum 1; null: the same for all
   * @param iterations how many have led to {@code start}
   */
  public PowerIteration(
      LinkGraph graph,
      RankSettings settings,
      Jumps jumps,
      double @Nullable [] start,
      int iterations,
      ExecutorService pool) {
    this.graph = graph;
    this.settings = settings;
    this.teleport = jumps.teleport() == null ? null : scaled(jumps.teleport(), "teleport");
    this.dangling = jumps.dangling() == null ? teleport : scaled(jumps.dangling(), "dangling");
    this.pool = pool;
    int nodes = graph.nodes();
    this.blocks = (nodes + BLOCK - 1) / BLOCK;
    this.contribution = new double[nodes];
    this.outWeight = new double[nodes];
    for (int v = 0; v < nodes; v++) {
      outWeight[v] = graph.outWeight(v);
    }
    this.next = new double[nodes];
    this.iterations = iterations;
    if (start != null) {
      ranks = scaled(start, "start");
    } else {
      ranks = new double[nodes];
      Arrays.fill(ranks, 1.0 / nodes);
    }
  }

  private double[] scaled(double[] values, String what) {
    if (values.length != graph.nodes()) {
      throw new IllegalArgumentException(
          what + " must have " + graph.nodes() + " values, got " + values.length);
    }
    double sum = 0;
    for (double value : values) {
      if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(what + " must not be negative, got " + value);
      }
      sum += value;
    }
    if (sum == 0 && values.length > 0) {
      throw new IllegalArgumentException(what + " must not be all 0");
    }
    var scaled = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      scaled[i] = values[i] / sum;
    }
    return scaled;
  }

  /** Whether the tolerance is met or the iterations are used up. */
  public boolean done() {
    return graph.nodes() == 0 || converged() || iterations >= settings.maxIterations();
  }

  /** Whether the last iteration changed the ranks by less than the tolerance. */
  public boolean converged() {
    return residual < settings.tolerance();
  }

  /**
   * One iteration.
   *
   * @throws InterruptedException if the calling thread is interrupted; the ranks are those before
   */
  public void iterate() throws InterruptedException {
    double lost = settings.damping() * sum(this::prepare);
    double change = sum((from, to) -> pull(from, to, lost));
    double total = sum(this::mass);
    // Rounding moves the mass by some 1e-16 an iteration; it is put right every time.
    double correction = 1 / total;
    var _ = sum((from, to) -> scale(from, to, correction));
    var before = ranks;
    ranks = next;
    next = before;
    residual = change;
    iterations++;
  }

  /** Shares each rank out over the edges that leave; returns the mass that has nowhere to go. */
  private double prepare(int from, int to) {
    double lost = 0;
    for (int v = from; v < to; v++) {
      if (outWeight[v] > 0) {
        contribution[v] = ranks[v] / outWeight[v];
      } else {
        contribution[v] = 0;
        lost += ranks[v];
      }
    }
    return lost;
  }

  private double pull(int from, int to, double lost) {
    double uniform = 1.0 / graph.nodes();
    double change = 0;
    for (int v = from; v < to; v++) {
      double jump =
          (1 - settings.damping()) * (teleport == null ? uniform : teleport[v])
              + lost * (dangling == null ? uniform : dangling[v]);
      next[v] = jump + settings.damping() * graph.sumInto(v, contribution);
      change += Math.abs(next[v] - ranks[v]);
    }
    return change;
  }

  private double mass(int from, int to) {
    double sum = 0;
    for (int v = from; v < to; v++) {
      sum += next[v];
    }
    return sum;
  }

  private double scale(int from, int to, double correction) {
    for (int v = from; v < to; v++) {
      next[v] *= correction;
    }
    return 0;
  }

  private interface BlockSum {
    double of(int from, int to);
  }

  /** The blocks' sums, added in order. */
  private double sum(BlockSum work) throws InterruptedException {
    if (blocks <= 1) {
      return work.of(0, graph.nodes());
    }
    List<Future<Double>> running = new ArrayList<>(blocks);
    for (int b = 0; b < blocks; b++) {
      int from = b * BLOCK;
      int to = Math.min(graph.nodes(), from + BLOCK);
      running.add(pool.submit(() -> work.of(from, to)));
    }
    double sum = 0;
    try {
      for (Future<Double> each : running) {
        sum += each.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } finally {
      running.forEach(each -> each.cancel(false));
    }
    return sum;
  }

  public int iterations() {
    return iterations;
  }

  /** How much the last iteration changed the ranks, summed over nodes. */
  public double residual() {
    return residual;
  }

  /** The ranks now, which sum to 1. */
  public double[] ranks() {
    return ranks.clone();
  }
}
