package io.mosaicdb.worker.namespace;

import io.mosaicdb.storage.hash.ContentHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small file without which nothing beside it can be read, kept so that any one damage to it is
 * noticed and mended: beside {@code <name>} stand {@code <name>.sha256}, in the form of {@code
 * sha256sum}, and {@code <name>.copy}. A file of earlier builds stands alone and is believed.
 *
 * <p>They are replaced in that order, each as a whole: a crash in between leaves the old content,
 * or the new. Whoever changes the file by hand removes the other two. Callers take turns.
 */
final class GuardedFile {
  private static final Logger logger = LoggerFactory.getLogger(GuardedFile.class);

  private final Path folder;
  private final String name;
  private final Consumer<String> mended;
  private byte @Nullable [] content;
  private String stamps = "";

  /**
   * @param mended told in words what was damaged and is right again
   */
  GuardedFile(Path folder, String name, Consumer<String> mended) {
    this.folder = folder;
    this.name = name;
    this.mended = mended;
  }

  Path file() {
    return folder.resolve(name);
  }

  private Path sum() {
    return folder.resolve(name + ".sha256");
  }

  private Path copy() {
    return folder.resolve(name + ".copy");
  }

  /** Whether any of the files is there. */
  static boolean exists(Path folder, String name) {
    return Files.exists(folder.resolve(name)) || Files.exists(folder.resolve(name + ".copy"));
  }

  /**
   * What was written last; nothing if nothing ever was.
   *
   * @throws IOException if it is damaged and the copy as well
   */
  Optional<byte[]> read() throws IOException {
    var main = readable(file());
    var copy = readable(copy());
    var sum = readable(sum());
    if (main == null && copy == null && !Files.exists(file())) {
      return Optional.empty();
    }
    content = whole(main, copy, sum);
    boolean alone = main != null && copy == null && sum == null;
    boolean changed = rewrite();
    if (changed && !alone) {
      report();
    }
    return Optional.of(content);
  }

  private byte[] whole(byte @Nullable [] main, byte @Nullable [] copy, byte @Nullable [] sum)
      throws IOException {
    if (main != null && (sum == null ? copy == null : isSum(sum, main))) {
      return main;
    }
    if (copy != null && (sum == null ? main == null : isSum(sum, copy))) {
      return copy;
    }
    if (main != null && Arrays.equals(main, copy)) {
      return main;
    }
    throw new IOException(
        "%s is damaged, and %s.copy cannot stand in for it: put it back from a backup"
            .formatted(file(), name));
  }

  private boolean isSum(byte[] sum, byte[] bytes) {
    return new String(sum, StandardCharsets.UTF_8).equals(sumOf(bytes));
  }

  private String sumOf(byte[] bytes) {
    return HexFormat.of().formatHex(ContentHash.sha256().digest(bytes)) + "  " + name + "\n";
  }

  private static byte @Nullable [] readable(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      return null;
    }
  }

  /** On disk when it returns, or the old content still is. */
  void write(byte[] bytes) throws IOException {
    content = bytes.clone();
    rewrite();
  }

  /**
   * Writes again what is missing or not as it was written; asked for now and then while the content
   * is in memory. Reads nothing where nothing has changed.
   */
  void mend() throws IOException {
    if (content != null && !stampsNow().equals(stamps) && rewrite()) {
      report();
    }
  }

  private void report() {
    var text = name + " of " + folder.getFileName() + " was missing or damaged and is mended";
    logger.warn("guarded_file_mended file={}", file());
    mended.accept(text);
  }

  private boolean rewrite() throws IOException {
    var bytes = content;
    if (bytes == null) {
      return false;
    }
    boolean changed = rewrite(file(), bytes);
    changed |= rewrite(sum(), sumOf(bytes).getBytes(StandardCharsets.UTF_8));
    changed |= rewrite(copy(), bytes);
    stamps = stampsNow();
    return changed;
  }

  private boolean rewrite(Path file, byte[] wanted) throws IOException {
    if (Arrays.equals(wanted, readable(file))) {
      return false;
    }
    if (Files.isDirectory(file)) {
      var aside = file.getFileName() + ".unreadable-" + System.currentTimeMillis();
      Files.move(file, file.resolveSibling(aside), StandardCopyOption.ATOMIC_MOVE);
    }
    DurableFile.replace(folder, String.valueOf(file.getFileName()), wanted);
    return true;
  }

  private String stampsNow() throws IOException {
    var stamps = new StringBuilder();
    for (Path each : new Path[] {file(), sum(), copy()}) {
      if (Files.exists(each)) {
        stamps.append(Files.size(each)).append(' ').append(Files.getLastModifiedTime(each));
      }
      stamps.append(';');
    }
    return stamps.toString();
  }
}
