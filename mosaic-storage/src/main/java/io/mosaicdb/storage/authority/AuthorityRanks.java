package io.mosaicdb.storage.authority;

/**
 * The ranks of a partition's documents, in memory and immutable: an open-addressed table from a
 * 64-bit hash of the id. Two ids of one hash (a chance of one in thirty million for a million
 * documents) have no rank, instead of each other's.
 */
public final class AuthorityRanks {
  private final long version;
  private final AuthorityDescription description;
  private final long[] hashes;
  private final double[] ranks;
  private final double most;

  private AuthorityRanks(
      long version, AuthorityDescription description, long[] hashes, double[] ranks, double most) {
    this.version = version;
    this.description = description;
    this.hashes = hashes;
    this.ranks = ranks;
    this.most = most;
  }

  /** The file's number: another one whenever ranks are published. */
  public long version() {
    return version;
  }

  public AuthorityDescription description() {
    return description;
  }

  /** The greatest rank in the partition, in multiples of the average one. */
  public double mostRelative() {
    return most * description.nodes();
  }

  /** The document's rank; NaN if it has none. */
  public double rank(String id) {
    long hash = hash(id);
    int mask = hashes.length - 1;
    for (int slot = (int) hash & mask; hashes[slot] != 0; slot = (slot + 1) & mask) {
      if (hashes[slot] == hash) {
        return ranks[slot];
      }
    }
    return Double.NaN;
  }

  /** About how many bytes it takes. */
  public long bytes() {
    return 16L * hashes.length;
  }

  /** Never 0, which marks a free slot. */
  static long hash(String id) {
    long hash = 0x2545F4914F6CDD1DL ^ id.length();
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
    }
    hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
    hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
    hash ^= hash >>> 31;
    return hash == 0 ? 1 : hash;
  }

  /** Fills a table. Not thread-safe. */
  static final class Builder {
    private final long version;
    private final AuthorityDescription description;
    private final long[] hashes;
    private final double[] ranks;
    private long room;
    private double most;

    Builder(long version, AuthorityDescription description) {
      this.version = version;
      this.description = description;
      if (description.documents() > 1 << 29) {
        throw new IllegalArgumentException(
            "a partition has ranks of at most 2^29 documents, got " + description.documents());
      }
      int capacity = Math.max(2, Integer.highestOneBit((int) description.documents()) * 4);
      if (capacity >= 3 * description.documents()) {
        capacity /= 2;
      }
      this.hashes = new long[Math.max(2, capacity)];
      this.ranks = new double[hashes.length];
      this.room = hashes.length - 1L;
    }

    void add(String id, double rank) {
      if (room-- <= 0) {
        throw new IllegalStateException("there are more ranks than the file says");
      }
      long hash = hash(id);
      int mask = hashes.length - 1;
      int slot = (int) hash & mask;
      while (hashes[slot] != 0) {
        if (hashes[slot] == hash) {
          ranks[slot] = Double.NaN;
          return;
        }
        slot = (slot + 1) & mask;
      }
      hashes[slot] = hash;
      ranks[slot] = rank;
      most = Math.max(most, rank);
    }

    AuthorityRanks build() {
      return new AuthorityRanks(version, description, hashes, ranks, most);
    }
  }
}
