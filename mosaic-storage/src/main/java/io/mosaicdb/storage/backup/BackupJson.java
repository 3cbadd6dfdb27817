package io.mosaicdb.storage.backup;

import io.mosaicdb.storage.generation.GenerationManifest;
import io.mosaicdb.storage.generation.InvalidManifestException;
import io.mosaicdb.storage.hash.ContentHash;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A backup's description: {@code format_version} (1), {@code backup_id}, {@code namespace}, {@code
 * partition}, {@code created_at}, {@code definition} and {@code manifest} (both JSON as text, the
 * latter null for an empty partition), and {@code description_id}: base32 of the SHA-256 over the
 * rest with sorted keys and without white space.
 */
final class BackupJson {
  private static final int FORMAT_VERSION = 1;
  private static final String ID = "description_id";
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

  private BackupJson() {}

  static String write(PartitionBackup backup) {
    var manifest = backup.manifest();
    var tree = MAPPER.createObjectNode();
    tree.put("format_version", FORMAT_VERSION);
    tree.put("backup_id", backup.id());
    tree.put("namespace", backup.namespace());
    tree.put("partition", backup.partition());
    tree.put("created_at", backup.createdAt().toString());
    tree.put("definition", backup.definition());
    tree.put("manifest", manifest == null ? null : manifest.toJson());
    tree.put(ID, id(tree));
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
  }

  static PartitionBackup read(String name, String json) throws BackupException {
    try {
      if (!(MAPPER.readTree(json) instanceof ObjectNode tree)) {
        throw new BackupException(name + " is damaged: not a JSON object");
      }
      int version = required(tree, "format_version").intValue();
      if (version != FORMAT_VERSION) {
        throw new BackupException(
            "%s has format %d, this build reads %d".formatted(name, version, FORMAT_VERSION));
      }
      var claimed = required(tree, ID).stringValue();
      tree.remove(ID);
      if (!id(tree).equals(claimed)) {
        throw new BackupException(name + " was altered: its content does not have its hash");
      }
      var manifest = required(tree, "manifest");
      return new PartitionBackup(
          required(tree, "backup_id").stringValue(),
          required(tree, "namespace").stringValue(),
          required(tree, "partition").intValue(),
          Instant.parse(required(tree, "created_at").stringValue()),
          required(tree, "definition").stringValue(),
          manifest.isNull() ? null : GenerationManifest.fromJson(manifest.stringValue()));
    } catch (JacksonException
        | IllegalArgumentException
        | DateTimeException
        | InvalidManifestException e) {
      throw new BackupException(name + " is damaged: " + e.getMessage());
    }
  }

  private static String id(ObjectNode tree) {
    return ContentHash.base32OfBytes(
        MAPPER.writeValueAsString(tree).getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode required(JsonNode node, String field) {
    var value = node.get(field);
    if (value == null) {
      throw new IllegalArgumentException("field '" + field + "' is missing");
    }
    return value;
  }
}
