package io.mosaicdb.storage.log;

import io.mosaicdb.storage.hash.ContentHash;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.TreeSet;

/**
 * Rescues the readable entries of a damaged log file into a new file of the same name and sets the
 * damaged one aside, untouched.
 *
 * <p>Two views of the file are read, and an entry that passes its checksum in either is kept: the
 * file as SQLite sees it, and the file with every frame of its WAL believed (see {@link WalImage}).
 * The new file is complete under another name before the old one moves, so a crash at any step is
 * finished or begun again by the next start.
 */
final class LogSalvage {
  /** Behind the last readable entry of a file whose end is unknown, this many numbers are tried. */
  private static final int PROBES = 4_096;

  private static final int BATCH = 256;

  private final Path file;
  private final Path quarantine;
  private final DamageList damage;
  private final TreeSet<Long> saved = new TreeSet<>();
  private long highestEpoch;
  private long largestSeen;
  private boolean endKnown;

  private LogSalvage(Path file, Path quarantine, DamageList damage) {
    this.file = file;
    this.quarantine = quarantine;
    this.damage = damage;
  }

  /**
   * What was saved.
   *
   * @param lastSeq the newest number given out, as far as known
   * @param endKnown whether nothing can have followed it
   * @param quarantined where the damaged file is now
   */
  record Result(long firstSeq, long lastSeq, long epoch, boolean endKnown, Path quarantined) {}

  /**
   * What is known about the file from outside.
   *
   * @param firstSeq its first number, or 0 if unknown
   * @param lastSeq its last number, or 0 if unknown
   * @param start a number from which to look if nothing else is known
   * @param epoch the highest epoch known elsewhere
   */
  record Bounds(long firstSeq, long lastSeq, long start, long epoch) {}

  static Result run(Path file, Path quarantine, Bounds bounds, DamageList damage)
      throws IOException, SQLException {
    return new LogSalvage(file, quarantine, damage).run(bounds);
  }

  static Path target(Path file) {
    return file.resolveSibling(file.getFileName() + ".salvage");
  }

  /** Brings a salvage to its end that was interrupted after the new file was complete. */
  static void finish(Path file, Path quarantine) throws IOException {
    setAside(file, quarantine);
    Files.move(target(file), file, StandardCopyOption.ATOMIC_MOVE);
    fsyncDirectory(file);
  }

  private Result run(Bounds bounds) throws IOException, SQLException {
    var work = file.resolveSibling(file.getFileName() + ".salvaging");
    deleteFolder(work);
    Files.createDirectory(work);
    var target = target(file);
    LogFile.delete(target);
    var wal = file.resolveSibling(file.getFileName() + "-wal");
    var merged = work.resolve("merged.db");
    WalImage.merge(file, wal, merged);
    var own = work.resolve("own.db");
    Files.copy(file, own);
    if (Files.exists(wal)) {
      Files.copy(wal, work.resolve("own.db-wal"));
    }

    endKnown = bounds.lastSeq() > 0;
    largestSeen = bounds.lastSeq();
    highestEpoch = bounds.epoch();
    long firstSeq;
    long lastSeq;
    try (var salvaged = LogFile.create(target, 1, 1)) {
      collect(merged, bounds, salvaged);
      collect(own, bounds, salvaged);
      firstSeq = firstSeq(bounds);
      lastSeq = Math.max(largestSeen, Math.max(firstSeq - 1, saved.isEmpty() ? 0 : saved.last()));
      salvaged.writeMeta("first_seq", firstSeq);
      salvaged.writeMeta("last_seq", lastSeq);
      if (!endKnown) {
        highestEpoch++;
      }
      salvaged.writeMeta("epoch", Math.max(1, highestEpoch));
      salvaged.commit();
    }
    reportHoles(firstSeq, lastSeq);
    fsyncDirectory(file);
    var aside = setAside(file, quarantine);
    Files.move(target, file, StandardCopyOption.ATOMIC_MOVE);
    fsyncDirectory(file);
    deleteFolder(work);
    return new Result(firstSeq, lastSeq, Math.max(1, highestEpoch), endKnown, aside);
  }

  private long firstSeq(Bounds bounds) {
    if (bounds.firstSeq() > 0) {
      return bounds.firstSeq();
    }
    return saved.isEmpty() ? bounds.start() : saved.first();
  }

  private void collect(Path source, Bounds bounds, LogFile target) throws SQLException {
    // What one view misses the other may have, so holes are reported once, at the end.
    try (var reader = LogReader.openDamaged(source, new DamageList())) {
      long from = bounds.firstSeq() > 0 ? bounds.firstSeq() : smallest(reader, bounds.start());
      long upto = largest(reader);
      if (upto > 0) {
        for (long after = from - 1; after < upto; ) {
          var batch = reader.read(after, upto, BATCH);
          for (var entry : batch.entries()) {
            keep(entry, target);
          }
          after = batch.lastSeq();
        }
      } else {
        probe(reader, from, target);
      }
      reader.copyOperations(target::remember);
    } catch (SQLException e) {
      if (!LogReader.isDamage(e)) {
        throw e;
      }
      // This view is beyond reading; what it lacks shows up as holes.
    }
  }

  private void probe(LogReader reader, long from, LogFile target) throws SQLException {
    int misses = 0;
    for (long seq = from; misses < PROBES; seq++) {
      var entry = reader.find(seq, false);
      if (entry == null) {
        misses++;
      } else {
        misses = 0;
        keep(entry, target);
      }
    }
  }

  private void keep(LogEntry entry, LogFile target) throws SQLException {
    // A damaged structure can show an entry twice; the commit id guards against a checksum's luck.
    if (!entry.commitId().equals(ContentHash.base32OfBytes(entry.payload()))
        || !saved.add(entry.seq())) {
      return;
    }
    highestEpoch = Math.max(highestEpoch, entry.epoch());
    target.insert(entry);
    if (entry.operationId() != null) {
      target.remember("k:" + entry.operationId(), entry);
    }
  }

  private static long smallest(LogReader reader, long fallback) throws SQLException {
    try {
      long smallest = reader.smallestSeq();
      return smallest > 0 ? smallest : fallback;
    } catch (SQLException e) {
      return rethrowUnlessDamage(e, fallback);
    }
  }

  /** The largest number in this view, or 0 where its index cannot be read. */
  private long largest(LogReader reader) throws SQLException {
    try {
      highestEpoch = Math.max(highestEpoch, reader.epoch());
      long largest = Math.max(reader.largestSeq(), reader.lastSeq());
      largestSeen = Math.max(largestSeen, largest);
      endKnown = true;
      return largestSeen;
    } catch (SQLException e) {
      return rethrowUnlessDamage(e, largestSeen);
    }
  }

  private static long rethrowUnlessDamage(SQLException failure, long value) throws SQLException {
    if (LogReader.isDamage(failure)) {
      return value;
    }
    throw failure;
  }

  private void reportHoles(long firstSeq, long lastSeq) {
    var reason = "lost in damaged file " + file.getFileName();
    long expected = firstSeq;
    for (long seq : saved) {
      if (seq > expected) {
        damage.add(expected, seq - 1, reason);
      }
      expected = seq + 1;
    }
    if (expected <= lastSeq) {
      damage.add(expected, lastSeq, reason);
    }
    if (!endKnown) {
      damage.add(
          lastSeq + 1, LogDamage.UNKNOWN_END, "the end of " + file.getFileName() + " is damaged");
    }
  }

  /** Moves a file with its WAL into quarantine under a name that is free there. */
  private static Path setAside(Path file, Path quarantine) throws IOException {
    Files.createDirectories(quarantine);
    var name = "log-" + file.getFileName();
    var aside = quarantine.resolve(name);
    for (int i = 1; Files.exists(aside); i++) {
      aside = quarantine.resolve(name + "." + i);
    }
    if (Files.exists(file)) {
      Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
    }
    var wal = file.resolveSibling(file.getFileName() + "-wal");
    if (Files.exists(wal)) {
      Files.move(
          wal, aside.resolveSibling(aside.getFileName() + "-wal"), StandardCopyOption.ATOMIC_MOVE);
    }
    Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-shm"));
    fsyncDirectory(aside);
    return aside;
  }

  private static void fsyncDirectory(Path file) throws IOException {
    var parent = file.toAbsolutePath().getParent();
    if (parent == null || System.getProperty("os.name").startsWith("Windows")) {
      return;
    }
    try (var channel = FileChannel.open(parent, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void deleteFolder(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (var paths = Files.walk(folder)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
