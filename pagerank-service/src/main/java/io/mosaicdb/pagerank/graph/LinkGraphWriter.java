package io.mosaicdb.pagerank.graph;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Writes a {@link LinkGraph} from edges in any order. Keeps one run of edges in memory, the others
 * in temporary files beside the target, which are removed at the end. Not thread-safe.
 */
public final class LinkGraphWriter implements AutoCloseable {
  /** Edges a run: 32 MiB of them. */
  public static final int STANDARD_RUN = 4 << 20;

  private final Path target;
  private final int nodes;
  private final boolean mergeEqual;
  private final boolean weighted;
  private final long[] keys;
  private final float[] weights;
  private final List<Path> runs = new ArrayList<>();
  private int held;

  private LinkGraphWriter(Path target, int nodes, boolean mergeEqual, boolean weighted, int run) {
    if (nodes < 0) {
      throw new IllegalArgumentException("nodes must be >= 0, got " + nodes);
    }
    this.target = target;
    this.nodes = nodes;
    this.mergeEqual = mergeEqual;
    this.weighted = weighted;
    this.keys = new long[run];
    this.weights = weighted ? new float[run] : new float[0];
  }

  /** A graph in which a page that links twice to another links to it once. */
  public static LinkGraphWriter ofLinks(Path target, int nodes, int run) {
    return new LinkGraphWriter(target, nodes, true, false, run);
  }

  /** A graph in which parallel edges count each. */
  public static LinkGraphWriter ofParallelEdges(Path target, int nodes, int run) {
    return new LinkGraphWriter(target, nodes, false, false, run);
  }

  /** A graph whose edges have weights above 0; parallel edges count each. */
  public static LinkGraphWriter ofWeightedEdges(Path target, int nodes, int run) {
    return new LinkGraphWriter(target, nodes, false, true, run);
  }

  /** Adds an edge of weight 1. */
  public void add(int source, int node) throws IOException {
    add(source, node, 1);
  }

  /**
   * Adds an edge.
   *
   * @throws IllegalArgumentException if an end is no node, or the weight is not above 0
   */
  public void add(int source, int node, float weight) throws IOException {
    if (source < 0 || source >= nodes || node < 0 || node >= nodes) {
      throw new IllegalArgumentException(
          "an edge's ends must be in [0, " + nodes + "), got " + source + " -> " + node);
    }
    if (!(weight > 0 && weight < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("weight must be above 0, got " + weight);
    }
    if (held == keys.length) {
      spill();
    }
    if (weighted) {
      weights[held] = weight;
    }
    keys[held++] = (long) node << 32 | source;
  }

  private void spill() throws IOException {
    sort();
    var run = target.resolveSibling(target.getFileName() + ".run" + runs.size());
    runs.add(run);
    try (var out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(run), 1 << 16))) {
      for (int i = 0; i < held; i++) {
        out.writeLong(keys[i]);
        if (weighted) {
          out.writeFloat(weights[i]);
        }
      }
    }
    held = 0;
  }

  private void sort() {
    if (!weighted) {
      Arrays.parallelSort(keys, 0, held);
      return;
    }
    record Edge(long key, float weight) {}
    var edges = new Edge[held];
    for (int i = 0; i < held; i++) {
      edges[i] = new Edge(keys[i], weights[i]);
    }
    Arrays.sort(
        edges, java.util.Comparator.comparingLong(Edge::key).thenComparingDouble(Edge::weight));
    for (int i = 0; i < held; i++) {
      keys[i] = edges[i].key();
      weights[i] = edges[i].weight();
    }
  }

  /**
   * Writes the graph; the file is whole and on disk when this returns, and not there before.
   *
   * @return how many edges it has
   */
  public long finish() throws IOException {
    sort();
    var cursors = new PriorityQueue<Cursor>();
    var opened = new ArrayList<Cursor>();
    try {
      var memory = new MemoryCursor();
      if (memory.advance()) {
        cursors.add(memory);
      }
      for (Path run : runs) {
        var cursor = new RunCursor(run);
        opened.add(cursor);
        if (cursor.advance()) {
          cursors.add(cursor);
        }
      }
      return write(cursors);
    } finally {
      for (Cursor each : opened) {
        each.close();
      }
      close();
    }
  }

  private long write(PriorityQueue<Cursor> cursors) throws IOException {
    var temporary = target.resolveSibling(target.getFileName() + ".tmp");
    long parts = LinkGraph.HEADER + 8L * nodes + 8L * (nodes + 1L);
    try (var channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      channel.position(parts);
      var outWeights = new double[nodes];
      var offsets = new long[nodes + 1];
      var part = new Part(weighted);
      var buffer = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
      long edges = 0;
      long written = 0;
      int node = 0;
      long last = -1;
      while (!cursors.isEmpty()) {
        var cursor = cursors.remove();
        long key = cursor.key();
        float weight = cursor.weight();
        if (cursor.advance()) {
          cursors.add(cursor);
        }
        if (mergeEqual && key == last) {
          continue;
        }
        last = key;
        int into = (int) (key >>> 32);
        while (node < into) {
          written += part.flush(channel, buffer);
          offsets[++node] = written;
        }
        int source = (int) key;
        outWeights[source] += weight;
        part.add(source, weight);
        edges++;
      }
      while (node < nodes) {
        written += part.flush(channel, buffer);
        offsets[++node] = written;
      }
      buffer.putInt(0);
      drain(channel, buffer);
      header(channel, edges, outWeights, offsets, buffer);
      channel.force(true);
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return edges;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private void header(
      FileChannel channel, long edges, double[] outWeights, long[] offsets, ByteBuffer buffer)
      throws IOException {
    channel.position(0);
    buffer.put(LinkGraph.MAGIC);
    buffer.putInt(LinkGraph.VERSION).putInt(weighted ? LinkGraph.WEIGHTED : 0);
    buffer.putInt(nodes).putInt(0).putLong(edges);
    for (double weight : outWeights) {
      room(channel, buffer, 8);
      buffer.putDouble(weight);
    }
    for (long offset : offsets) {
      room(channel, buffer, 8);
      buffer.putLong(offset);
    }
    drain(channel, buffer);
  }

  private static void room(FileChannel channel, ByteBuffer buffer, int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      drain(channel, buffer);
    }
  }

  private static void drain(FileChannel channel, ByteBuffer buffer) throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  /** The edges into one node. */
  private static final class Part {
    private final boolean weighted;
    private int[] sources = new int[64];
    private float[] weights = new float[64];
    private int count;

    Part(boolean weighted) {
      this.weighted = weighted;
    }

    void add(int source, float weight) {
      if (count == sources.length) {
        sources = Arrays.copyOf(sources, 2 * count);
        weights = Arrays.copyOf(weights, 2 * count);
      }
      sources[count] = source;
      weights[count++] = weight;
    }

    /** Writes the part and empties it; returns its bytes. */
    long flush(FileChannel channel, ByteBuffer buffer) throws IOException {
      if (count == 0) {
        return 0;
      }
      int widest = sources[0];
      for (int i = 1; i < count; i++) {
        widest = Math.max(widest, sources[i] - sources[i - 1]);
      }
      int width = widest < 1 << 8 ? 1 : widest < 1 << 16 ? 2 : widest < 1 << 24 ? 3 : 4;
      room(channel, buffer, LinkGraph.PART_HEADER);
      buffer.put((byte) width).putInt(count);
      int before = 0;
      for (int i = 0; i < count; i++) {
        room(channel, buffer, 4);
        int gap = sources[i] - before;
        before = sources[i];
        for (int b = 0; b < width; b++) {
          buffer.put((byte) (gap >>> (8 * b)));
        }
      }
      long bytes = LinkGraph.PART_HEADER + (long) width * count;
      if (weighted) {
        for (int i = 0; i < count; i++) {
          room(channel, buffer, 4);
          buffer.putFloat(weights[i]);
        }
        bytes += 4L * count;
      }
      count = 0;
      return bytes;
    }
  }

  /** Edges in order of target, then source. */
  private abstract static class Cursor implements Comparable<Cursor> {
    long key;
    float weight = 1;

    long key() {
      return key;
    }

    float weight() {
      return weight;
    }

    abstract boolean advance() throws IOException;

    void close() throws IOException {}

    @Override
    public int compareTo(Cursor other) {
      int byKey = Long.compare(key, other.key);
      return byKey != 0 ? byKey : Float.compare(weight, other.weight);
    }
  }

  private final class MemoryCursor extends Cursor {
    private int next;

    @Override
    boolean advance() {
      if (next == held) {
        return false;
      }
      key = keys[next];
      if (weighted) {
        weight = weights[next];
      }
      next++;
      return true;
    }
  }

  private final class RunCursor extends Cursor {
    private final DataInputStream in;

    RunCursor(Path run) throws IOException {
      in = new DataInputStream(new BufferedInputStream(Files.newInputStream(run), 1 << 16));
    }

    @Override
    boolean advance() throws IOException {
      try {
        key = in.readLong();
      } catch (EOFException _) {
        return false;
      }
      if (weighted) {
        weight = in.readFloat();
      }
      return true;
    }

    @Override
    void close() throws IOException {
      in.close();
    }
  }

  /** Removes the runs; a graph that was not finished is not there. */
  @Override
  public void close() {
    try {
      for (Path run : runs) {
        Files.deleteIfExists(run);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    runs.clear();
    held = 0;
  }
}
