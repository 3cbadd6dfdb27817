package io.mosaicdb.storage.generation;

import io.mosaicdb.storage.hash.ContentHash;
import io.mosaicdb.storage.hash.Pace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares shard files with their descriptors. An unchanged file is not read again, unless it is
 * {@linkplain #forget forgotten}.
 */
final class VerifiedFiles {
  private final Map<Path, Stamp> known = new ConcurrentHashMap<>();

  /** A damaged file has one as well: it is not read over and over until it changes. */
  private record Stamp(long bytes, FileTime modified, @Nullable Object key, String checksum) {}

  /** Why the file is not what the descriptor says, or empty if it is. */
  Optional<String> findProblem(Path file, ShardDescriptor shard) throws IOException {
    return findProblem(file, shard, Pace.UNBOUNDED);
  }

  /** The same, read no faster than {@code pace} allows. */
  Optional<String> findProblem(Path file, ShardDescriptor shard, Pace pace) throws IOException {
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
        || !stamp.modified.equals(attributes.lastModifiedTime())
        || !Objects.equals(stamp.key, attributes.fileKey())) {
      stamp =
          new Stamp(
              attributes.size(),
              attributes.lastModifiedTime(),
              attributes.fileKey(),
              ContentHash.hexOfFile(file, pace));
      known.put(file, stamp);
    }
    if (!stamp.checksum.equals(shard.fileChecksum())) {
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
