package io.mosaicdb.storage.generation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A disk that dies at its n-th operation and, if asked, forgets what was not fsynced: half of every
 * unsynced file's bytes, and every rename and deletion in a folder that was not synced since.
 */
final class FailPointFiles implements DurableFiles {
  private final DurableFiles disk = DurableFiles.onDisk();
  private final int failAt;
  private final boolean forgets;
  private final Set<Path> unsynced = new HashSet<>();
  private final Deque<Undo> undos = new ArrayDeque<>();
  private int operations;
  private boolean dead;

  private record Undo(
      Path directory, Path path, byte @Nullable [] before, @Nullable Path restore, byte[] moved) {}

  FailPointFiles(int failAt, boolean forgets) {
    this.failAt = failAt;
    this.forgets = forgets;
  }

  int operations() {
    return operations;
  }

  @Override
  public void write(Path file, byte[] content) throws IOException {
    unsynced.add(file);
    if (dies()) {
      Files.write(file, Arrays.copyOf(content, content.length / 2));
      crash();
    }
    disk.write(file, content);
  }

  @Override
  public void fsync(Path file) throws IOException {
    if (dies()) {
      crash();
    }
    disk.fsync(file);
    unsynced.remove(file);
  }

  @Override
  public void rename(Path source, Path target) throws IOException {
    if (dies()) {
      crash();
    }
    var before = Files.exists(target) ? Files.readAllBytes(target) : null;
    undos.push(new Undo(parent(target), target, before, source, Files.readAllBytes(source)));
    if (unsynced.remove(source)) {
      unsynced.add(target);
    }
    disk.rename(source, target);
  }

  @Override
  public void delete(Path file) throws IOException {
    if (dies()) {
      crash();
    }
    if (Files.exists(file)) {
      undos.push(new Undo(parent(file), file, Files.readAllBytes(file), null, new byte[0]));
    }
    disk.delete(file);
  }

  @Override
  public void fsyncDirectory(Path directory) throws IOException {
    if (dies()) {
      crash();
    }
    disk.fsyncDirectory(directory);
    undos.removeIf(undo -> undo.directory.equals(directory));
  }

  private boolean dies() throws IOException {
    if (dead) {
      throw new IOException("the disk is gone");
    }
    operations++;
    return operations == failAt;
  }

  private void crash() throws IOException {
    dead = true;
    if (forgets) {
      while (!undos.isEmpty()) {
        var undo = undos.pop();
        if (undo.before == null) {
          Files.deleteIfExists(undo.path);
        } else {
          Files.write(undo.path, undo.before);
        }
        if (undo.restore != null) {
          Files.write(undo.restore, undo.moved);
        }
      }
      for (var file : unsynced) {
        if (Files.exists(file)) {
          var content = Files.readAllBytes(file);
          Files.write(file, Arrays.copyOf(content, content.length / 2));
        }
      }
    }
    throw new IOException("the disk died at operation " + failAt);
  }

  private static Path parent(Path file) {
    return java.util.Objects.requireNonNull(file.getParent());
  }
}
