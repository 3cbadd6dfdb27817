package io.mosaicdb.storage.generation;

import io.mosaicdb.storage.bits.OrdinalSet;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * The document versions of one shard that no longer count, each with the commit that replaced or
 * deleted it. Immutable, sorted by document ordinal.
 *
 * <p>The version at an ordinal is part of the snapshot at commit {@code s} exactly when its own
 * commit is {@code <= s} and {@link #supersededAt} is {@code > s}.
 */
public final class Tombstones {
  /** What {@link #supersededAt} says of a version that nothing has replaced. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final Tombstones NONE = new Tombstones(new int[0], new long[0]);

  private final int[] ordinals;
  private final long[] commits;

  private Tombstones(int[] ordinals, long[] commits) {
    this.ordinals = ordinals;
    this.commits = commits;
  }

  public static Tombstones none() {
    return NONE;
  }

  /** From document ordinal to superseding commit. */
  public static Tombstones of(Map<Integer, Long> superseded) {
    return NONE.with(superseded);
  }

  /**
   * From sorted ordinals and the commit that superseded each.
   *
   * @throws IllegalArgumentException if the ordinals are not strictly ascending from 0, a commit is
   *     not positive, or the lengths differ
   */
  public static Tombstones of(int[] ordinals, long[] commits) {
    if (ordinals.length != commits.length) {
      throw new IllegalArgumentException(
          "as many commits as ordinals, got " + commits.length + " and " + ordinals.length);
    }
    for (int i = 0; i < ordinals.length; i++) {
      if (ordinals[i] < 0 || (i > 0 && ordinals[i] <= ordinals[i - 1])) {
        throw new IllegalArgumentException(
            "ordinals must ascend from 0, got " + ordinals[i] + " at " + i);
      }
      if (commits[i] < 1) {
        throw new IllegalArgumentException("a commit must be > 0, got " + commits[i] + " at " + i);
      }
    }
    return new Tombstones(ordinals.clone(), commits.clone());
  }

  public int size() {
    return ordinals.length;
  }

  public boolean isEmpty() {
    return ordinals.length == 0;
  }

  /** The commit that superseded the version at {@code ordinal}, or {@link #NEVER}. */
  public long supersededAt(int ordinal) {
    int index = Arrays.binarySearch(ordinals, ordinal);
    return index < 0 ? NEVER : commits[index];
  }

  /** Which of {@code documents} versions nothing has superseded up to commit {@code seq}. */
  public OrdinalSet liveAt(int documents, long seq) {
    var words = OrdinalSet.all(documents).words();
    for (int i = 0; i < ordinals.length; i++) {
      if (commits[i] <= seq && ordinals[i] < documents) {
        words[ordinals[i] >>> 6] &= ~(1L << ordinals[i]);
      }
    }
    return OrdinalSet.wrap(words, documents);
  }

  /** These and more; a version that is superseded twice keeps its first commit. */
  public Tombstones with(Map<Integer, Long> more) {
    if (more.isEmpty()) {
      return this;
    }
    var all = new TreeMap<>(more);
    forEach((ordinal, commit) -> all.merge(ordinal, commit, Math::min));
    return of(
        all.keySet().stream().mapToInt(Integer::intValue).toArray(),
        all.values().stream().mapToLong(Long::longValue).toArray());
  }

  /** Visits the versions in the order of their ordinals. */
  public void forEach(Visitor visitor) {
    for (int i = 0; i < ordinals.length; i++) {
      visitor.visit(ordinals[i], commits[i]);
    }
  }

  /** Receives one superseded version. */
  @FunctionalInterface
  public interface Visitor {
    void visit(int ordinal, long supersededAt);
  }

  /**
   * For each version the distance to the ordinal before (from -1) and, zigzag, to the commit before
   * (from 0), as LEB128 numbers, all in base64.
   */
  String encode() {
    var bytes = new ByteArrayOutputStream(ordinals.length * 3);
    int ordinal = -1;
    long commit = 0;
    for (int i = 0; i < ordinals.length; i++) {
      writeNumber(bytes, ordinals[i] - ordinal);
      long distance = commits[i] - commit;
      writeNumber(bytes, distance << 1 ^ distance >> 63);
      ordinal = ordinals[i];
      commit = commits[i];
    }
    return Base64.getEncoder().withoutPadding().encodeToString(bytes.toByteArray());
  }

  static Tombstones decode(int count, String encoded) {
    var bytes = ByteBuffer.wrap(Base64.getDecoder().decode(encoded));
    if (count < 0 || count > bytes.remaining()) {
      throw new IllegalArgumentException(count + " tombstones in " + bytes.remaining() + " bytes");
    }
    var ordinals = new int[count];
    var commits = new long[count];
    long ordinal = -1;
    long commit = 0;
    for (int i = 0; i < count; i++) {
      ordinal += readNumber(bytes);
      long zigzag = readNumber(bytes);
      commit += zigzag >>> 1 ^ -(zigzag & 1);
      ordinals[i] = Math.toIntExact(ordinal);
      commits[i] = commit;
    }
    if (bytes.hasRemaining()) {
      throw new IllegalArgumentException(bytes.remaining() + " bytes after the last tombstone");
    }
    return of(ordinals, commits);
  }

  private static void writeNumber(ByteArrayOutputStream bytes, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }

  private static long readNumber(ByteBuffer bytes) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (!bytes.hasRemaining()) {
        throw new IllegalArgumentException("tombstones end inside a number");
      }
      byte next = bytes.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a tombstone number is longer than 64 bits");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tombstones that
        && Arrays.equals(ordinals, that.ordinals)
        && Arrays.equals(commits, that.commits);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(ordinals) + Arrays.hashCode(commits);
  }

  @Override
  public String toString() {
    return size() + " tombstones";
  }
}
