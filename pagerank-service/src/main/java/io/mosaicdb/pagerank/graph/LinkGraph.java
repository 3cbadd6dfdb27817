package io.mosaicdb.pagerank.graph;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A graph whose edges are read by their target, which is what a rank is summed over. Nodes are
 * {@code [0, nodes)}. Immutable and thread-safe until closed.
 *
 * <p>The file, little-endian:
 *
 * <pre>
 * 0    8 bytes   "MSCGRAPH"
 * 8    u32       version, 1
 * 12   u32       flags: bit 0, edges have weights
 * 16   u32       nodes N
 * 24   u64       edges
 * 32   f64 x N   sum of the weights of the edges that leave each node
 *      u64 x N+1 where the edges into each node begin, in bytes from the start of the edges
 *      edges     a node's part: u8 width (1 to 4), u32 count, the sources ascending as gaps of
 *                {@code width} bytes each (the first counted from 0), then f32 x count weights if
 *                there are any; empty for a node without edges into it
 *      4 bytes   zero, so that a gap may be read as four bytes
 * </pre>
 */
public final class LinkGraph implements AutoCloseable {
  static final byte[] MAGIC = {'M', 'S', 'C', 'G', 'R', 'A', 'P', 'H'};
  static final int VERSION = 1;
  static final int HEADER = 32;
  static final int WEIGHTED = 1;
  static final int PART_HEADER = 5;
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Arena arena;
  private final MemorySegment file;
  private final int nodes;
  private final long edges;
  private final boolean weighted;
  private final long offsets;
  private final long parts;

  private LinkGraph(Arena arena, MemorySegment file, Path path) throws IOException {
    this.arena = arena;
    this.file = file;
    var magic =
        file.byteSize() < HEADER ? new byte[0] : file.asSlice(0, 8).toArray(ValueLayout.JAVA_BYTE);
    if (!java.util.Arrays.equals(magic, MAGIC) || file.get(INT, 8) != VERSION) {
      throw new IOException(path + " is not a link graph of version " + VERSION);
    }
    this.weighted = (file.get(INT, 12) & WEIGHTED) != 0;
    this.nodes = file.get(INT, 16);
    this.edges = file.get(LONG, 24);
    this.offsets = HEADER + 8L * nodes;
    this.parts = offsets + 8L * (nodes + 1L);
    if (nodes < 0
        || file.byteSize() < parts
        || file.byteSize() != parts + file.get(LONG, parts - 8) + 4) {
      throw new IOException(path + " is cut short or damaged");
    }
  }

  /**
   * Maps a file that {@link LinkGraphWriter} wrote.
   *
   * @throws IOException if it cannot be read, or is no such file
   */
  public static LinkGraph open(Path path) throws IOException {
    var arena = Arena.ofShared();
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return new LinkGraph(
          arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena), path);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  public int nodes() {
    return nodes;
  }

  /** Edges after equal ones were merged, unless they were kept apart. */
  public long edges() {
    return edges;
  }

  /** How many bytes the file has. */
  public long bytes() {
    return file.byteSize();
  }

  /** The sum of the weights of the edges that leave {@code node}; 0 for a dangling one. */
  public double outWeight(int node) {
    return file.get(DOUBLE, HEADER + 8L * node);
  }

  /** Where the edges into {@code node} begin, in bytes: for splitting work evenly. */
  public long offset(int node) {
    return file.get(LONG, offsets + 8L * node);
  }

  /** Sums {@code contribution[source] * weight} over the edges into {@code node}. */
  public double sumInto(int node, double[] contribution) {
    long at = offset(node);
    if (at == offset(node + 1)) {
      return 0;
    }
    long part = parts + at;
    int width = file.get(ValueLayout.JAVA_BYTE, part);
    int count = file.get(INT, part + 1);
    long gaps = part + PART_HEADER;
    return weighted
        ? sumWeighted(gaps, width, count, contribution)
        : switch (width) {
          case 1 -> sumBytes(gaps, count, contribution);
          case 2 -> sumShorts(gaps, count, contribution);
          case 3 -> sumTriples(gaps, count, contribution);
          default -> sumInts(gaps, count, contribution);
        };
  }

  // One loop a width: the width is the same for all edges of a node, and a branch for every edge
  // would cost more than the sum itself.

  private double sumBytes(long gaps, int count, double[] contribution) {
    double sum = 0;
    int source = 0;
    for (int i = 0; i < count; i++) {
      source += file.get(ValueLayout.JAVA_BYTE, gaps + i) & 0xFF;
      sum += contribution[source];
    }
    return sum;
  }

  private double sumShorts(long gaps, int count, double[] contribution) {
    double sum = 0;
    int source = 0;
    for (int i = 0; i < count; i++) {
      source += file.get(SHORT, gaps + 2L * i) & 0xFFFF;
      sum += contribution[source];
    }
    return sum;
  }

  private double sumTriples(long gaps, int count, double[] contribution) {
    double sum = 0;
    int source = 0;
    for (int i = 0; i < count; i++) {
      source += file.get(INT, gaps + 3L * i) & 0xFFFFFF;
      sum += contribution[source];
    }
    return sum;
  }

  private double sumInts(long gaps, int count, double[] contribution) {
    double sum = 0;
    int source = 0;
    for (int i = 0; i < count; i++) {
      source += file.get(INT, gaps + 4L * i);
      sum += contribution[source];
    }
    return sum;
  }

  private double sumWeighted(long gaps, int width, int count, double[] contribution) {
    int mask = width == 4 ? -1 : (1 << (8 * width)) - 1;
    long weights = gaps + (long) width * count;
    double sum = 0;
    int source = 0;
    for (int i = 0; i < count; i++) {
      source += file.get(INT, gaps + (long) width * i) & mask;
      sum += contribution[source] * file.get(FLOAT, weights + 4L * i);
    }
    return sum;
  }

  @Override
  public void close() {
    arena.close();
  }
}
