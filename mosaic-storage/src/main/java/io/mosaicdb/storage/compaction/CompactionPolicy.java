package io.mosaicdb.storage.compaction;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Chooses the shards that one run of a compaction merges. */
public final class CompactionPolicy {
  private final CompactionSettings settings;

  public CompactionPolicy(CompactionSettings settings) {
    this.settings = settings;
  }

  /**
   * A shard that could be merged.
   *
   * @param documents versions in its file
   * @param kept versions that must be kept
   */
  public record Candidate(String shardId, int documents, int kept, long bytes) {
    double droppable() {
      return documents == 0 ? 0 : 1 - (double) kept / documents;
    }
  }

  /** What asks for a compaction. */
  public enum Scope {
    /** What the settings say: too many small shards, or shards of superseded versions. */
    DUE,
    /** Every small shard and every superseded version, however few. */
    EVERYTHING_SMALL,
    /** All shards, however large together, so that documents are grouped by topic anew. */
    ALL
  }

  /**
   * The shards to merge, in the order given; empty if there is nothing to do. What is left out for
   * the size of a run is for the next one.
   */
  public List<Candidate> choose(List<Candidate> shards, Scope scope) {
    var chosen = new LinkedHashSet<Candidate>();
    var small = shards.stream().filter(this::isSmall).toList();
    switch (scope) {
      case DUE -> {
        shards.stream().filter(this::isDue).forEach(chosen::add);
        if (small.size() > settings.maxSegments()) {
          chosen.addAll(small);
        }
      }
      case EVERYTHING_SMALL -> {
        shards.stream().filter(each -> each.kept() < each.documents()).forEach(chosen::add);
        if (small.size() > 1) {
          chosen.addAll(small);
        }
      }
      case ALL -> chosen.addAll(shards);
    }
    var fitting = scope == Scope.ALL ? List.copyOf(chosen) : fitting(chosen);
    // One shard that would come out as it went in is no work.
    if (fitting.size() == 1 && fitting.getFirst().kept() == fitting.getFirst().documents()) {
      return List.of();
    }
    return shards.stream().filter(fitting::contains).toList();
  }

  private boolean isSmall(Candidate shard) {
    return shard.kept() < settings.smallDocuments();
  }

  private boolean isDue(Candidate shard) {
    return shard.kept() < shard.documents() && shard.droppable() >= settings.tombstoneRatio();
  }

  /** The smallest first: they cost least and are what there is too much of. */
  private List<Candidate> fitting(Set<Candidate> chosen) {
    var bySize = new ArrayList<>(chosen);
    bySize.sort(Comparator.comparingLong(Candidate::bytes).thenComparing(Candidate::shardId));
    var fitting = new ArrayList<Candidate>();
    long bytes = 0;
    for (Candidate each : bySize) {
      bytes += each.bytes();
      if (fitting.size() >= 2 && bytes > settings.maxInputBytes()) {
        break;
      }
      fitting.add(each);
    }
    return fitting;
  }

  /**
   * How many documents a shard may have that is made of these: fewer where documents are large, so
   * that a shard fits into memory while it is made.
   */
  public int documentsOfAShard(List<Candidate> merged) {
    long bytes = merged.stream().mapToLong(Candidate::bytes).sum();
    long documents = Math.max(1, merged.stream().mapToLong(Candidate::documents).sum());
    long fitting = settings.maxOutputBytes() / Math.max(1, bytes / documents);
    return Math.clamp(fitting, 1, settings.maxDocuments());
  }
}
