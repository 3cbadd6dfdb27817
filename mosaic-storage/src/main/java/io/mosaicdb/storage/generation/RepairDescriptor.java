package io.mosaicdb.storage.generation;

/**
 * A file from which a damaged shard can be rebuilt.
 *
 * @param shardId the shard it helps
 * @param scheme how it was made
 * @param fileName its file in {@code repair/}
 * @param fileChecksum SHA-256 of that file, hexadecimal
 */
public record RepairDescriptor(
    String shardId, String scheme, String fileName, String fileChecksum) {}
