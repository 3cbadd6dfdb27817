package io.mosaicdb.storage.generation;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a manifest says of itself beside its data: the range of commits, what its vectors and its
 * words were made with, what could be repaired, and the sums that must hold. Everything here
 * follows from the manifest's other fields; it is written down so that a reader needs no program,
 * and is covered by the manifest's id.
 */
final class ManifestSections {
  private ManifestSections() {}

  /** The sections as a JSON object. */
  static String describe(
      CommitRange commits,
      @Nullable EmbedderIdentity embedder,
      String schemaHash,
      String analyzerId,
      List<ShardDescriptor> shards,
      Map<String, Tombstones> tombstones,
      List<RepairDescriptor> repairs) {
    long documents = shards.stream().mapToLong(ShardDescriptor::documents).sum();
    long passages = shards.stream().mapToLong(ShardDescriptor::passages).sum();
    long superseded = tombstones.values().stream().mapToLong(Tombstones::size).sum();
    var sections = ManifestJson.MAPPER.createObjectNode();
    sections
        .putObject("range")
        .put("epoch", commits.epoch())
        .put("first_commit_seq", commits.first())
        .put("last_commit_seq", commits.last());
    sections
        .putObject("vectors")
        .put("embedder", embedder == null ? null : embedder.id())
        .put("revision", embedder == null ? null : embedder.revision())
        .put("dimensions", embedder == null ? 0 : embedder.dimensions())
        .put("count", embedder == null ? 0 : passages);
    sections
        .putObject("lexical")
        .put("analyzer_id", analyzerId)
        .put("schema_hash", schemaHash)
        .put("documents", documents);
    sections
        .putObject("repair")
        .put("files", repairs.size())
        .put("shards_covered", repairs.stream().map(RepairDescriptor::shardId).distinct().count());
    var invariants =
        sections
            .putObject("invariants")
            .put("shards", shards.size())
            .put("documents", documents)
            .put("superseded", superseded)
            .put("live_documents", documents - superseded)
            .put("passages", passages)
            .put("bytes", shards.stream().mapToLong(ShardDescriptor::bytes).sum());
    invariants
        .putArray("checked_at_activation")
        .add("follows_its_parent")
        .add("embedder_equals_runtime")
        .add("every_new_shard_file_present")
        .add("every_new_shard_file_has_its_size_and_sha256");
    return ManifestJson.MAPPER.writeValueAsString(sections);
  }
}
