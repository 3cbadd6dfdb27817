package io.mosaicdb.storage.generation;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a partition serves.
 *
 * @param number 1 for the first generation of a partition, then one more than the parent's
 * @param parent the {@link #manifestId()} of the generation before, or null for the first
 * @param partition the partition's number in its namespace
 * @param commits the commits it holds
 * @param horizon the oldest commit at which the partition can still be read: of every commit from
 *     it to the last one, the versions that it left visible are all in the shards; null in
 *     manifests of builds that did not know, which promise the last commit only
 * @param embedder whose vectors it holds, or null without vectors
 * @param schemaHash of the namespace's schema
 * @param analyzerId the text analysis its postings were made with
 * @param shards its shards; their order is part of the manifest
 * @param tombstones by shard id; a shard without any has no entry
 * @param repairs files from which its shards can be rebuilt
 * @param archived ids of the shards whose documents readers do not see; they keep their files and
 *     their tombstones
 * @param unread shards that were carried along unread
 * @param createdAt the builder's clock, to the millisecond
 * @param additions fields beyond these as a JSON object: the sections that say in words what is
 *     above, and whatever a later version added. They are covered by the id
 */
public record GenerationManifest(
    long number,
    @Nullable String parent,
    int partition,
    CommitRange commits,
    @Nullable Long horizon,
    @Nullable EmbedderIdentity embedder,
    String schemaHash,
    String analyzerId,
    List<ShardDescriptor> shards,
    Map<String, Tombstones> tombstones,
    List<RepairDescriptor> repairs,
    SortedSet<String> archived,
    UnreadShards unread,
    Instant createdAt,
    String additions) {
  /** The version of the JSON form written here. */
  public static final int FORMAT_VERSION = 1;

  public GenerationManifest {
    if (number < 1) {
      throw new IllegalArgumentException("number must be > 0, got " + number);
    }
    if (partition < 0) {
      throw new IllegalArgumentException("partition must be >= 0, got " + partition);
    }
    if (horizon != null && (horizon < 0 || horizon > commits.last())) {
      throw new IllegalArgumentException(
          "horizon must be between 0 and the last commit %d, got %d"
              .formatted(commits.last(), horizon));
    }
    shards = List.copyOf(shards);
    repairs = List.copyOf(repairs);
    archived = Collections.unmodifiableSortedSet(new TreeSet<>(archived));
    createdAt = createdAt.truncatedTo(ChronoUnit.MILLIS);
    var ids = new HashSet<String>();
    for (var shard : shards) {
      if (!ids.add(shard.shardId())) {
        throw new IllegalArgumentException("shard named twice: " + shard.shardId());
      }
    }
    if (!ids.containsAll(archived)) {
      throw new IllegalArgumentException("archived shards must be among the shards: " + archived);
    }
    if (!ids.containsAll(unread.shardIds())) {
      throw new IllegalArgumentException("unread shards must be among the shards: " + unread);
    }
    var sorted = new TreeMap<String, Tombstones>();
    tombstones.forEach((shard, versions) -> {
      if (!ids.contains(shard)) {
        throw new IllegalArgumentException("tombstones of an unknown shard: " + shard);
      }
      if (!versions.isEmpty()) {
        sorted.put(shard, versions);
      }
    });
    tombstones = Collections.unmodifiableMap(sorted);
  }

  /** A manifest as it is made now, with the sections of {@link ManifestSections}. */
  public GenerationManifest(
      long number,
      @Nullable String parent,
      int partition,
      CommitRange commits,
      @Nullable Long horizon,
      @Nullable EmbedderIdentity embedder,
      String schemaHash,
      String analyzerId,
      List<ShardDescriptor> shards,
      Map<String, Tombstones> tombstones,
      List<RepairDescriptor> repairs,
      Instant createdAt) {
    this(
        number,
        parent,
        partition,
        commits,
        horizon,
        embedder,
        schemaHash,
        analyzerId,
        shards,
        tombstones,
        repairs,
        new TreeSet<>(),
        UnreadShards.NONE,
        createdAt,
        ManifestSections.describe(
            commits, embedder, schemaHash, analyzerId, shards, tombstones, repairs));
  }

  /** The same with other shards archived. */
  public GenerationManifest withArchived(SortedSet<String> shardIds) {
    return new GenerationManifest(
        number,
        parent,
        partition,
        commits,
        horizon,
        embedder,
        schemaHash,
        analyzerId,
        shards,
        tombstones,
        repairs,
        shardIds,
        unread,
        createdAt,
        additions);
  }

  /** The same, which carries those shards along unread. */
  public GenerationManifest withUnread(UnreadShards shards) {
    return new GenerationManifest(
        number,
        parent,
        partition,
        commits,
        horizon,
        embedder,
        schemaHash,
        analyzerId,
        this.shards,
        tombstones,
        repairs,
        archived,
        shards,
        createdAt,
        additions);
  }

  /** {@link #horizon}, or the last commit where it is not known. */
  public long oldestReadable() {
    return horizon == null ? commits.last() : horizon;
  }

  /** The superseded versions in a shard; none if it has no entry. */
  public Tombstones tombstonesOf(String shardId) {
    return tombstones.getOrDefault(shardId, Tombstones.none());
  }

  /**
   * The {@code artifact_manifest_id}: base32 of the SHA-256 over the canonical JSON without the id
   * itself. Equal manifests have equal ids on any machine.
   */
  public String manifestId() {
    return ManifestJson.id(this);
  }

  /** The JSON form, with its id: what the store writes and other machines receive. */
  public String toJson() {
    return ManifestJson.write(this);
  }

  /**
   * Reads the JSON form.
   *
   * @throws InvalidManifestException if it is not JSON, lacks something, was altered, or is of a
   *     newer format
   */
  public static GenerationManifest fromJson(String json) {
    return ManifestJson.read(json);
  }
}
