package io.mosaicdb.storage.log;

import io.mosaicdb.storage.log.LogSegments.Segment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a log folder holds after any kind of end: finishes what a crash interrupted, sets
 * damaged files aside, replays.
 */
final class LogOpening {
  /** Left by a log that met a damaged page while writing: the next start checks everything. */
  static final String SUSPECT = "SUSPECT";

  private static final int REPLAY_BATCH = 256;

  private final Path directory;
  private final Path quarantine;
  private final LogPosition appliedBefore;
  private final DamageList damage;
  private final boolean begun;
  private final List<Path> quarantined = new ArrayList<>();
  private final List<Found> found = new ArrayList<>();
  private long epoch;
  private boolean epochRaised;

  /**
   * @param begun whether there must be a log
   */
  LogOpening(
      Path directory,
      Path quarantine,
      LogPosition appliedBefore,
      DamageList damage,
      boolean begun) {
    this.begun = begun;
    this.directory = directory;
    this.quarantine = quarantine;
    this.appliedBefore = appliedBefore;
    this.damage = damage;
    epoch = appliedBefore.epoch();
  }

  private record Found(Path path, long firstSeq, long lastSeq) {}

  /**
   * Everything the writer needs to go on.
   *
   * @param segments the usable files, possibly none
   * @param lastSeq the newest number given out
   * @param newFile whether a new file must be begun before anything is written
   */
  record Opened(
      List<Segment> segments, long lastSeq, long epoch, boolean newFile, LogRecovery recovery) {}

  Opened open(CommitApplier applier) throws IOException, SQLException {
    finishInterruptedSalvages();
    var suspect = directory.resolve(SUSPECT);
    boolean checkAll = Files.exists(suspect);
    setAsideFolders();
    var paths = LogSegments.list(directory);
    for (int i = 0; i < paths.size(); i++) {
      inspect(paths.get(i), i == paths.size() - 1, checkAll);
    }
    Files.deleteIfExists(suspect);

    long firstInLog = found.isEmpty() ? appliedBefore.seq() + 1 : found.getFirst().firstSeq();
    if (firstInLog > appliedBefore.seq() + 1) {
      damage.add(appliedBefore.seq() + 1, firstInLog - 1, "purged or lost before the log's begin");
    }
    long lastSeq = found.isEmpty() ? 0 : found.getLast().lastSeq();
    boolean logEndsEarly = lastSeq < appliedBefore.seq();
    long replayed = replay(applier);
    if (found.isEmpty() && begun) {
      damage.add(appliedBefore.seq() + 1, LogDamage.UNKNOWN_END, "the log's files are gone");
      epoch++;
      epochRaised = true;
      lastSeq = appliedBefore.seq();
    } else if (logEndsEarly) {
      damage.add(
          appliedBefore.seq() + 1,
          LogDamage.UNKNOWN_END,
          "the log ended at " + lastSeq + ", before what was already applied");
      epoch++;
      epochRaised = true;
      lastSeq = appliedBefore.seq();
    }
    var end = LogEnd.read(directory);
    if (end != null && end.seq() > lastSeq) {
      if (end.seq() > appliedBefore.seq()) {
        damage.add(
            Math.max(lastSeq, appliedBefore.seq()) + 1,
            end.seq(),
            "the log ends at " + lastSeq + ", and " + end.seq() + " was acknowledged");
      }
      lastSeq = end.seq();
      epoch = Math.max(epoch, end.epoch());
    }
    var segments = found.stream().map(file -> new Segment(file.path(), file.firstSeq())).toList();
    return new Opened(
        segments,
        lastSeq,
        epoch,
        segments.isEmpty() || logEndsEarly,
        new LogRecovery(replayed, damage.snapshot(), quarantined, epochRaised));
  }

  private void finishInterruptedSalvages() throws IOException {
    try (var paths = Files.list(directory)) {
      for (var target :
          paths.filter(p -> p.getFileName().toString().endsWith(".db.salvage")).toList()) {
        var name = target.getFileName().toString();
        var file = directory.resolve(name.substring(0, name.length() - ".salvage".length()));
        if (Files.exists(file)) {
          LogFile.delete(target);
        } else {
          LogSalvage.finish(file, quarantine);
        }
      }
    }
  }

  /** What stands where a file should be and is none is as good as missing. */
  private void setAsideFolders() throws IOException {
    try (var paths = Files.list(directory)) {
      for (var path : paths.filter(Files::isDirectory).toList()) {
        var name = path.getFileName().toString();
        if (name.endsWith(".db") || name.endsWith(".db-wal") || name.endsWith(".db-shm")) {
          Files.createDirectories(quarantine);
          var aside = quarantine.resolve("log-" + name + "-" + System.nanoTime());
          Files.move(path, aside);
          quarantined.add(aside);
        }
      }
    }
  }

  private void inspect(Path path, boolean newest, boolean check) throws IOException, SQLException {
    var wal = path.resolveSibling(path.getFileName() + "-wal");
    // SQLite throws the write-ahead file of an empty one away.
    boolean emptied = Files.size(path) == 0 && WalImage.holdsCommits(wal);
    if (emptied || WalImage.losesCommits(wal)) {
      salvage(path, newest);
      return;
    }
    if (newest && isUnborn(path)) {
      LogFile.delete(path);
      return;
    }
    try (var reader = LogReader.open(path, damage)) {
      if (reader.applicationId() == LogFile.APPLICATION_ID
          && reader.formatVersion() > LogFile.FORMAT_VERSION) {
        throw new LogFailedException(
            "%s has format %d; this version reads up to %d: start a newer version"
                .formatted(path, reader.formatVersion(), LogFile.FORMAT_VERSION),
            null);
      }
      boolean sound =
          newest ? !check && isWritable(path, reader.epoch()) : !check || reader.quickCheck();
      if (sound) {
        epoch = Math.max(epoch, reader.epoch());
        found.add(new Found(path, reader.firstSeq(), reader.lastSeq()));
        return;
      }
    } catch (SQLException e) {
      if (!LogReader.isDamage(e)) {
        throw e;
      }
    }
    salvage(path, newest);
  }

  /** Whether a crash cut the file's creation short; nothing was ever acknowledged in it. */
  private boolean isUnborn(Path path) throws SQLException {
    try (var reader = LogReader.open(path, damage)) {
      return !reader.hasSchema();
    } catch (SQLException e) {
      if (LogReader.isDamage(e)) {
        return false;
      }
      throw e;
    }
  }

  /** Writes what already stands there: a file that refuses must not be met by the first append. */
  private static boolean isWritable(Path path, long epoch) throws SQLException {
    try (var file = LogFile.open(path)) {
      file.writeMeta("epoch", epoch);
      file.commit();
      return true;
    } catch (SQLException e) {
      if (LogReader.isDamage(e)) {
        return false;
      }
      throw e;
    }
  }

  private void salvage(Path path, boolean newest) throws IOException, SQLException {
    long first = found.isEmpty() ? 0 : found.getLast().lastSeq() + 1;
    var next = newest ? null : LogSegments.path(directory, LogSegments.number(path) + 1);
    var bounds =
        new LogSalvage.Bounds(
            first, lastSeqBefore(next), Math.max(1, appliedBefore.seq() + 1), epoch);
    var result = LogSalvage.run(path, quarantine, bounds, damage);
    quarantined.add(result.quarantined());
    if (newest && !result.endKnown()) {
      epochRaised = true;
    }
    epoch = Math.max(epoch, result.epoch());
    found.add(new Found(path, result.firstSeq(), result.lastSeq()));
  }

  /** What the next file says about this one's end, or 0. */
  private long lastSeqBefore(@Nullable Path next) throws SQLException {
    if (next == null || !Files.exists(next)) {
      return 0;
    }
    try (var reader = LogReader.open(next, damage)) {
      return reader.hasSchema() ? reader.firstSeq() - 1 : 0;
    } catch (SQLException e) {
      if (LogReader.isDamage(e)) {
        return 0;
      }
      throw e;
    }
  }

  private long replay(CommitApplier applier) throws IOException, SQLException {
    long replayed = 0;
    for (int i = 0; i < found.size(); i++) {
      var file = found.get(i);
      // What the next file says about this one's end is worth more than a hole at it.
      long last = i + 1 < found.size() ? found.get(i + 1).firstSeq() - 1 : file.lastSeq();
      long after = Math.max(appliedBefore.seq(), file.firstSeq() - 1);
      boolean structureDamaged = false;
      if (after < last) {
        try (var reader = LogReader.open(file.path(), damage)) {
          while (after < last) {
            var batch = reader.read(after, last, REPLAY_BATCH);
            if (!batch.entries().isEmpty()) {
              applier.apply(batch.entries());
            }
            replayed += batch.entries().size();
            after = batch.lastSeq();
          }
          structureDamaged = reader.structureDamaged();
        }
      }
      if (structureDamaged) {
        var bounds = new LogSalvage.Bounds(file.firstSeq(), last, file.firstSeq(), epoch);
        var result = LogSalvage.run(file.path(), quarantine, bounds, damage);
        quarantined.add(result.quarantined());
        epoch = Math.max(epoch, result.epoch());
      }
    }
    return replayed;
  }
}
