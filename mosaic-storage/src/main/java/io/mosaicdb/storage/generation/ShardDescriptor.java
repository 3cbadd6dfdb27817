package io.mosaicdb.storage.generation;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One sealed shard as a manifest names it.
 *
 * @param shardId base32 of the SHA-256 of the shard's canonical content
 * @param fileName its file in {@code shards/}
 * @param fileChecksum SHA-256 of that file, hexadecimal
 * @param bytes size of that file
 * @param documents document versions in it, superseded ones included
 * @param passages passages in it
 * @param minCommitSeq oldest commit a document in it comes from
 * @param maxCommitSeq newest commit a document in it comes from
 * @param centroidsChecksum SHA-256 of its routing centroids, or null without vectors
 */
public record ShardDescriptor(
    String shardId,
    String fileName,
    String fileChecksum,
    long bytes,
    int documents,
    int passages,
    long minCommitSeq,
    long maxCommitSeq,
    @Nullable String centroidsChecksum) {
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final Pattern CHECKSUM = Pattern.compile("[0-9a-f]{64}");

  public ShardDescriptor {
    if (shardId.isEmpty()) {
      throw new IllegalArgumentException("shardId must not be empty");
    }
    // A manifest may come from another machine: its names must not lead out of the folder.
    if (!FILE_NAME.matcher(fileName).matches()) {
      throw new IllegalArgumentException("fileName must be a plain file name, got " + fileName);
    }
    if (!CHECKSUM.matcher(fileChecksum).matches()) {
      throw new IllegalArgumentException(
          "fileChecksum must be 64 hexadecimal digits, got " + fileChecksum);
    }
    if (bytes < 0 || documents < 0 || passages < 0) {
      throw new IllegalArgumentException(
          "bytes, documents and passages must be >= 0, got %d, %d, %d"
              .formatted(bytes, documents, passages));
    }
    if (minCommitSeq < 0 || maxCommitSeq < minCommitSeq) {
      throw new IllegalArgumentException(
          "commits must be 0 <= min <= max, got " + minCommitSeq + " and " + maxCommitSeq);
    }
  }
}
