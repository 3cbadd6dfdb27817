package io.mosaicdb.storage.generation;

import io.mosaicdb.storage.hash.ContentHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Compares shard files with their descriptors; an unchanged file is read once per process. */
final class VerifiedFiles {
  private final Map<Path, Stamp> known = new ConcurrentHashMap<>();

  private record Stamp(long bytes, FileTime modified, String checksum) {}

  /** Why the file is not what the descriptor says, or empty if it is. */
  Optional<String> findProblem(Path file, ShardDescriptor shard) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      return Optional.of("file " + shard.fileName() + " is missing");
    }
    if (attributes.size() != shard.bytes()) {
      return Optional.of(
          "file %s has %d bytes, the manifest says %d"
              .formatted(shard.fileName(), attributes.size(), shard.bytes()));
    }
    var stamp = known.get(file);
    if (stamp == null
        || stamp.bytes != attributes.size()
        || !stamp.modified.equals(attributes.lastModifiedTime())) {
      stamp =
          new Stamp(attributes.size(), attributes.lastModifiedTime(), ContentHash.hexOfFile(file));
      known.put(file, stamp);
    }
    if (!stamp.checksum.equals(shard.fileChecksum())) {
      known.remove(file);
      return Optional.of(
          "file %s has SHA-256 %s, the manifest says %s"
              .formatted(shard.fileName(), stamp.checksum, shard.fileChecksum()));
    }
    return Optional.empty();
  }

  boolean isKnown(Path file) {
    return known.containsKey(file);
  }

  void forget(Path file) {
    known.remove(file);
  }
}
