package io.mosaicdb.storage.generation;

import io.mosaicdb.storage.hash.ContentHash;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The manifest as JSON. Canonical means: object keys in ascending order, no white space, integers
 * without exponent, UTF-8. The hash is taken over the parsed tree, so fields of a later minor
 * version stay covered by it.
 */
final class ManifestJson {
  private static final String ID = "artifact_manifest_id";

  /** What a manifest's own components are written to; everything else is additions. */
  private static final Set<String> KNOWN =
      Set.of(
          "format_version",
          "generation",
          "parent",
          "partition",
          "commits",
          "horizon",
          "embedder",
          "schema_hash",
          "analyzer_id",
          "shards",
          "tombstones",
          "repairs",
          "archived",
          "unread",
          "created_at");

  static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

  private ManifestJson() {}

  static String id(GenerationManifest manifest) {
    return id(tree(manifest));
  }

  static String write(GenerationManifest manifest) {
    var tree = tree(manifest);
    tree.put(ID, id(tree));
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
  }

  static GenerationManifest read(String json) {
    try {
      if (!(MAPPER.readTree(json) instanceof ObjectNode tree)) {
        throw new InvalidManifestException("a manifest is a JSON object", null);
      }
      int version = required(tree, "format_version").intValue();
      if (version != GenerationManifest.FORMAT_VERSION) {
        throw new InvalidManifestException(
            "manifest format " + version + " is not " + GenerationManifest.FORMAT_VERSION, null);
      }
      var claimed = required(tree, ID).stringValue();
      tree.remove(ID);
      var actual = id(tree);
      if (!actual.equals(claimed)) {
        throw new InvalidManifestException(
            "the manifest was altered: its content hashes to %s, it says %s"
                .formatted(actual, claimed),
            null);
      }
      return manifest(tree);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new InvalidManifestException("not a valid manifest: " + e.getMessage(), e);
    }
  }

  private static String id(ObjectNode tree) {
    return ContentHash.base32OfBytes(
        MAPPER.writeValueAsString(tree).getBytes(StandardCharsets.UTF_8));
  }

  private static ObjectNode tree(GenerationManifest manifest) {
    var tree = (ObjectNode) MAPPER.readTree(manifest.additions());
    tree.put("format_version", GenerationManifest.FORMAT_VERSION);
    tree.put("generation", manifest.number());
    tree.put("parent", manifest.parent());
    tree.put("partition", manifest.partition());
    tree.putObject("commits")
        .put("epoch", manifest.commits().epoch())
        .put("first", manifest.commits().first())
        .put("last", manifest.commits().last());
    if (manifest.horizon() != null) {
      tree.put("horizon", manifest.horizon());
    }
    var embedder = manifest.embedder();
    if (embedder == null) {
      tree.putNull("embedder");
    } else {
      tree.putObject("embedder")
          .put("id", embedder.id())
          .put("revision", embedder.revision())
          .put("dimensions", embedder.dimensions());
    }
    tree.put("schema_hash", manifest.schemaHash());
    tree.put("analyzer_id", manifest.analyzerId());
    var shards = tree.putArray("shards");
    for (var shard : manifest.shards()) {
      shards
          .addObject()
          .put("shard_id", shard.shardId())
          .put("file", shard.fileName())
          .put("file_sha256", shard.fileChecksum())
          .put("bytes", shard.bytes())
          .put("documents", shard.documents())
          .put("passages", shard.passages())
          .put("min_commit_seq", shard.minCommitSeq())
          .put("max_commit_seq", shard.maxCommitSeq())
          .put("centroids_sha256", shard.centroidsChecksum());
    }
    var tombstones = tree.putObject("tombstones");
    manifest
        .tombstones()
        .forEach((shard, versions) ->
            tombstones
                .putObject(shard)
                .put("count", versions.size())
                .put("versions", versions.encode()));
    var repairs = tree.putArray("repairs");
    for (var repair : manifest.repairs()) {
      repairs
          .addObject()
          .put("shard_id", repair.shardId())
          .put("scheme", repair.scheme())
          .put("file", repair.fileName())
          .put("file_sha256", repair.fileChecksum());
    }
    if (!manifest.archived().isEmpty()) {
      var archived = tree.putArray("archived");
      manifest.archived().forEach(archived::add);
    }
    var unread = manifest.unread();
    if (!unread.shardIds().isEmpty()) {
      var body = tree.putObject("unread");
      var ids = body.putArray("shards");
      unread.shardIds().forEach(ids::add);
      var deletes = body.putObject("deletes");
      unread.deletes().forEach((id, seq) -> deletes.put(id, seq.longValue()));
    }
    tree.put("created_at", manifest.createdAt().toString());
    return tree;
  }

  private static GenerationManifest manifest(ObjectNode tree) {
    var commits = required(tree, "commits");
    var shards = new ArrayList<ShardDescriptor>();
    for (var shard : required(tree, "shards")) {
      shards.add(
          new ShardDescriptor(
              text(shard, "shard_id"),
              text(shard, "file"),
              text(shard, "file_sha256"),
              required(shard, "bytes").longValue(),
              required(shard, "documents").intValue(),
              required(shard, "passages").intValue(),
              required(shard, "min_commit_seq").longValue(),
              required(shard, "max_commit_seq").longValue(),
              textOrNull(shard, "centroids_sha256")));
    }
    var tombstones = new TreeMap<String, Tombstones>();
    for (var entry : required(tree, "tombstones").properties()) {
      tombstones.put(
          entry.getKey(),
          Tombstones.decode(
              required(entry.getValue(), "count").intValue(), text(entry.getValue(), "versions")));
    }
    var repairs = new ArrayList<RepairDescriptor>();
    for (var repair : required(tree, "repairs")) {
      repairs.add(
          new RepairDescriptor(
              text(repair, "shard_id"),
              text(repair, "scheme"),
              text(repair, "file"),
              text(repair, "file_sha256")));
    }
    var embedder = required(tree, "embedder");
    return new GenerationManifest(
        required(tree, "generation").longValue(),
        textOrNull(tree, "parent"),
        required(tree, "partition").intValue(),
        new CommitRange(
            required(commits, "epoch").longValue(),
            required(commits, "first").longValue(),
            required(commits, "last").longValue()),
        horizon(tree),
        embedder.isNull()
            ? null
            : new EmbedderIdentity(
                text(embedder, "id"),
                text(embedder, "revision"),
                required(embedder, "dimensions").intValue()),
        text(tree, "schema_hash"),
        text(tree, "analyzer_id"),
        shards,
        tombstones,
        repairs,
        archived(tree),
        unread(tree),
        instant(text(tree, "created_at")),
        additions(tree));
  }

  /** Absent where nothing is: manifests of before keep their ids. */
  private static SortedSet<String> archived(ObjectNode tree) {
    var archived = new TreeSet<String>();
    var listed = tree.get("archived");
    if (listed != null) {
      listed.forEach(each -> archived.add(each.stringValue()));
    }
    return archived;
  }

  /** Absent where none is, as above. */
  private static UnreadShards unread(ObjectNode tree) {
    var body = tree.get("unread");
    if (body == null) {
      return UnreadShards.NONE;
    }
    var shards = new TreeSet<String>();
    required(body, "shards").forEach(each -> shards.add(each.stringValue()));
    var deletes = new TreeMap<String, Long>();
    for (var each : required(body, "deletes").properties()) {
      deletes.put(each.getKey(), each.getValue().longValue());
    }
    return new UnreadShards(shards, deletes);
  }

  private static String additions(ObjectNode tree) {
    var others = tree.deepCopy();
    others.remove(KNOWN);
    return MAPPER.writeValueAsString(others);
  }

  /**
   * Absent in manifests from before there was a past to read: their ids must stay what they are.
   */
  private static @Nullable Long horizon(ObjectNode tree) {
    var horizon = tree.get("horizon");
    return horizon == null ? null : Long.valueOf(horizon.longValue());
  }

  private static JsonNode required(JsonNode node, String field) {
    var value = node.get(field);
    if (value == null) {
      throw new IllegalArgumentException("field '" + field + "' is missing");
    }
    return value;
  }

  private static String text(JsonNode node, String field) {
    return required(node, field).stringValue();
  }

  private static @Nullable String textOrNull(JsonNode node, String field) {
    var value = required(node, field);
    return value.isNull() ? null : value.stringValue();
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (java.time.format.DateTimeParseException e) {
      throw new IllegalArgumentException("created_at is not a time: " + text, e);
    }
  }
}
