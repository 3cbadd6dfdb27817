package io.mosaicdb.storage.log;

import io.mosaicdb.storage.hash.ContentHash;
import io.mosaicdb.storage.log.AppendQueue.Task;
import io.mosaicdb.storage.log.AppendQueue.Work;
import io.mosaicdb.storage.log.AppendQueue.Write;
import io.mosaicdb.storage.log.LogSegments.Segment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A commit log in SQLite files on one disk: {@code durability=local}.
 *
 * <p>One thread writes. It takes what is waiting (group commit), writes it in one transaction with
 * one fsync, tells those who wait for durability, hands the entries to the applier, and tells those
 * who wait for visibility. Appenders and readers never touch the writer's connection.
 *
 * <p>A failed write, fsync or apply stops the log for good: it answers every further append with
 * the reason until it is closed and opened again, which finds out from the disk what is there.
 */
public final class LocalCommitLog implements CommitLog {
  private static final Logger logger = LoggerFactory.getLogger(LocalCommitLog.class);

  private final Path directory;
  private final LogSettings settings;
  private final CommitApplier applier;
  private final Clock clock;
  private final DirectoryLock lock;
  private final DamageList damage;
  private final LogRecovery recovery;
  private final AppendQueue queue;
  private final AppliedProgress progress;
  private final Thread writer;
  private final long epoch;

  private LogFile active;
  private final @Nullable Path began;
  private final LogEnd end;
  private final Map<Path, Object> rotated = new ConcurrentHashMap<>();
  private boolean closed;
  private volatile LogSegments segments;
  private volatile long durableSeq;
  private volatile @Nullable CommitLogException failure;

  private LocalCommitLog(
      Path directory,
      LogSettings settings,
      CommitApplier applier,
      Clock clock,
      DirectoryLock lock,
      DamageList damage,
      LogOpening.Opened opened)
      throws IOException, SQLException {
    this.directory = directory;
    this.settings = settings;
    this.applier = applier;
    this.clock = clock;
    this.lock = lock;
    this.damage = damage;
    recovery = opened.recovery();
    epoch = opened.epoch();
    durableSeq = opened.lastSeq();
    segments = new LogSegments(opened.segments());
    end = LogEnd.open(directory);
    active = opened.newFile() ? begin() : LogFile.open(segments.files().getLast().path());
    began = opened.newFile() ? active.path() : null;
    progress = new AppliedProgress(durableSeq);
    queue = new AppendQueue(settings.queueEntries(), settings.queueBytes());
    writer =
        Thread.ofPlatform().daemon().name("commit-log " + directory).unstarted(this::runWriter);
  }

  /**
   * Opens the log in {@code directory}, created if missing, and replays through {@code applier}, on
   * this thread, every entry after {@code applied}: the position of the generation that serves.
   * Damaged entries are skipped and reported, damaged files are set aside in {@code quarantine}
   * beside the directory; neither keeps the log from opening.
   *
   * @throws LogLockedException if another writer holds the directory
   * @throws LogFailedException if the disk cannot be read or written, or the format is too new
   */
  public static LocalCommitLog open(
      Path directory, LogSettings settings, LogPosition applied, CommitApplier applier) {
    return open(directory, settings, applied, applier, Clock.systemUTC());
  }

  /**
   * Makes the folder of a log that is empty and goes on after {@code before}, durably.
   *
   * @throws IOException if the folder holds a log already, or cannot be written
   */
  public static void begin(Path directory, LogPosition before) throws IOException {
    Files.createDirectories(directory);
    if (!LogSegments.list(directory).isEmpty()) {
      throw new IOException(directory + " holds a log already");
    }
    try (var file =
        LogFile.create(LogSegments.path(directory, 1), before.seq() + 1, before.epoch())) {
      file.commit();
    } catch (SQLException e) {
      throw new IOException("cannot begin a log in " + directory + ": " + e.getMessage(), e);
    }
  }

  /**
   * As {@link #open(Path, LogSettings, LogPosition, CommitApplier)}, for a folder that is known to
   * have had a log: one without any file has lost it, which is reported as damage.
   */
  public static LocalCommitLog openBegun(
      Path directory, LogSettings settings, LogPosition applied, CommitApplier applier) {
    return open(directory, settings, applied, applier, Clock.systemUTC(), true);
  }

  static LocalCommitLog open(
      Path directory,
      LogSettings settings,
      LogPosition applied,
      CommitApplier applier,
      Clock clock) {
    return open(directory, settings, applied, applier, clock, false);
  }

  private static LocalCommitLog open(
      Path directory,
      LogSettings settings,
      LogPosition applied,
      CommitApplier applier,
      Clock clock,
      boolean begun) {
    DirectoryLock lock = null;
    LocalCommitLog log = null;
    try {
      Files.createDirectories(directory);
      lock = DirectoryLock.acquire(directory);
      var damage = new DamageList();
      var opened =
          new LogOpening(directory, directory.resolveSibling("quarantine"), applied, damage, begun)
              .open(applier);
      log = new LocalCommitLog(directory, settings, applier, clock, lock, damage, opened);
      log.report();
      log.writer.start();
      return log;
    } catch (IOException | SQLException e) {
      throw new LogFailedException(
          "cannot open the log in " + directory + ": " + e.getMessage(), e);
    } finally {
      if (log == null && lock != null) {
        release(lock);
      }
    }
  }

  /** What opening found: how much was replayed, what was lost. */
  public LogRecovery recovery() {
    return recovery;
  }

  @Override
  public Appended append(Append append) {
    var stopped = failure;
    if (stopped != null) {
      return Appended.failed(stopped);
    }
    if (append.payload().length > settings.maximumEntryBytes()) {
      return Appended.failed(
          new EntryTooLargeException(append.payload().length, settings.maximumEntryBytes()));
    }
    var appended = new Appended(new CompletableFuture<>(), new CompletableFuture<>());
    try {
      queue.offer(new Write(append, ContentHash.base32OfBytes(append.payload()), appended));
      return appended;
    } catch (CommitLogException e) {
      return Appended.failed(e);
    }
  }

  @Override
  public LogPosition readPoint() {
    return new LogPosition(epoch, durableSeq);
  }

  @Override
  public LogPosition applied() {
    return new LogPosition(epoch, progress.applied());
  }

  @Override
  public CompletableFuture<Void> awaitApplied(long seq, Duration timeout) {
    return progress.await(seq, timeout);
  }

  @Override
  public Tail tail(long fromSeqExclusive) {
    if (fromSeqExclusive < 0) {
      throw new IllegalArgumentException("fromSeqExclusive must be >= 0, got " + fromSeqExclusive);
    }
    long first = segments.firstSeq();
    if (fromSeqExclusive + 1 < first) {
      return new Tail.LogPurged(first);
    }
    if (fromSeqExclusive > durableSeq) {
      return new Tail.Ahead(readPoint());
    }
    return new Tail.Available(new LocalLogCursor(fromSeqExclusive));
  }

  @Override
  public void purge(long uptoSeq) {
    var done = new CompletableFuture<Void>();
    queue.submit(new Task(() -> purgeNow(uptoSeq), done));
    try {
      done.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof CommitLogException reason) {
        throw reason;
      }
      throw e;
    }
  }

  @Override
  public LogStatus status() {
    var files = segments;
    long bytes = 0;
    for (var file : files.files()) {
      try {
        bytes += LogFile.bytesOnDisk(file.path());
      } catch (IOException e) {
        // A file purged while we look counts nothing.
      }
    }
    var stopped = failure;
    return new LogStatus(
        epoch,
        files.firstSeq(),
        durableSeq,
        progress.applied(),
        files.files().size(),
        bytes,
        queue.size(),
        damage.snapshot(),
        recovery.quarantined().stream().map(path -> path.getFileName().toString()).toList(),
        stopped == null ? null : stopped.getMessage());
  }

  /**
   * Closes a log in which nothing was written since it was opened, and leaves its folder as the
   * opening found it, but for what was rescued: files can be put back there.
   */
  public void closeUnused() {
    close();
    if (began != null) {
      try {
        LogFile.delete(began);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * Looks whether the files are where they were, and stops the log if one is not: what is committed
   * from then on could not be found again. Blocks until done.
   */
  public void inspect() {
    if (failure != null) {
      return;
    }
    var done = new CompletableFuture<Void>();
    queue.submit(new Task(this::inspectNow, done));
    try {
      done.join();
    } catch (CompletionException e) {
      logger.warn("commit_log_not_inspected directory={}", directory, e);
    }
  }

  private void inspectNow() {
    try {
      var files = segments.files();
      for (var file : files.subList(0, files.size() - 1)) {
        var attributes = Files.readAttributes(file.path(), BasicFileAttributes.class);
        var now = attributes.fileKey() + " " + attributes.size();
        var before = rotated.putIfAbsent(file.path(), now);
        if (before != null && !before.equals(now)) {
          throw new IOException(file.path().getFileName() + " was replaced or cut short");
        }
      }
      active.requireInPlace();
      end.requireInPlace(directory, readPoint());
    } catch (IOException | SQLException e) {
      stop("the log's files are not what was written: " + e.getMessage(), e);
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    queue.close();
    boolean interrupted = false;
    while (writer.isAlive()) {
      try {
        writer.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (failure == null) {
      try {
        active.close();
      } catch (SQLException e) {
        // Every acknowledged entry is in the WAL, which the next start reads.
        logger.warn(
            "commit_log_close_failed directory={} reason=\"{}\"", directory, e.getMessage());
      }
      failure = new LogFailedException("the commit log is closed", null);
    } else {
      active.abandon();
    }
    progress.fail(new LogFailedException("the commit log is closed", null));
    try {
      end.close();
    } catch (IOException e) {
      logger.warn(
          "commit_log_end_not_closed directory={} reason=\"{}\"", directory, e.getMessage());
    }
    release(lock);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void runWriter() {
    try {
      while (true) {
        var group = queue.take(settings.groupEntries(), settings.groupBytes());
        if (group.isEmpty()) {
          return;
        }
        if (group.getFirst() instanceof Task task) {
          perform(task);
        } else {
          writeOrStop(group);
        }
      }
    } catch (InterruptedException e) {
      // Nobody but this class has the thread, and it never interrupts it.
      stop("the log's writer was interrupted", e);
    }
  }

  /** Whatever goes wrong, those who wait hear of it and the thread lives on to refuse the next. */
  private void writeOrStop(List<Work> group) {
    try {
      write(group);
    } catch (RuntimeException | Error e) {
      stop("the log's writer failed: " + e, e);
      var stopped = Objects.requireNonNull(failure);
      group.forEach(work -> ((Write) work).fail(stopped));
    }
  }

  private void perform(Task task) {
    var stopped = failure;
    if (stopped != null) {
      task.done().completeExceptionally(stopped);
      return;
    }
    try {
      task.action().run();
      task.done().complete(null);
    } catch (RuntimeException e) {
      task.done().completeExceptionally(e);
    }
  }

  private void write(List<Work> group) {
    var accepted = new ArrayList<Answer>();
    var entries = new ArrayList<LogEntry>();
    try {
      if (failure == null) {
        if (active.bytes() > settings.rotateBytes()) {
          rotate();
        }
        insert(group, accepted, entries);
        active.commit();
        if (!entries.isEmpty()) {
          end.write(new LogPosition(epoch, entries.getLast().seq()));
        }
      }
    } catch (SQLException | IOException e) {
      if (e instanceof SQLException sql && LogReader.isDamage(sql)) {
        markSuspect();
      }
      stop("the log could not be written: " + e.getMessage(), e);
    }
    var stopped = failure;
    if (stopped != null) {
      group.forEach(work -> ((Write) work).fail(stopped));
      return;
    }
    if (!entries.isEmpty()) {
      durableSeq = entries.getLast().seq();
    }
    accepted.forEach(answer -> answer.write.appended().durable().complete(answer.commit));
    apply(entries);
    var afterApply = failure;
    for (var answer : accepted) {
      if (afterApply == null) {
        answer.write.appended().visible().complete(answer.commit);
      } else {
        answer.write.appended().visible().completeExceptionally(afterApply);
      }
    }
  }

  private record Answer(Write write, Commit commit) {}

  private void insert(List<Work> group, List<Answer> accepted, List<LogEntry> entries)
      throws SQLException {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    long seq = durableSeq;
    for (var work : group) {
      var write = (Write) work;
      var operation = write.append().operation(write.commitId());
      var earlier = operation == null ? null : active.recall(operation);
      if (earlier != null) {
        if (earlier.commitId().equals(write.commitId())) {
          accepted.add(new Answer(write, earlier));
        } else {
          write.fail(
              new OperationConflictException(
                  String.valueOf(write.append().operationId()), earlier));
        }
        continue;
      }
      seq++;
      var entry =
          new LogEntry(
              seq,
              epoch,
              now,
              write.append().operationId(),
              write.commitId(),
              write.append().payload());
      active.insert(entry);
      if (operation != null) {
        active.remember(operation, entry);
      }
      entries.add(entry);
      accepted.add(
          new Answer(write, new Commit(new LogPosition(epoch, seq), write.commitId(), false)));
    }
  }

  private void apply(List<LogEntry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    try {
      applier.apply(List.copyOf(entries));
      progress.advance(entries.getLast().seq());
    } catch (RuntimeException e) {
      stop("commit " + entries.getFirst().seq() + " or later could not be applied: " + e, e);
    }
  }

  private void rotate() throws SQLException, IOException {
    var full = active;
    active = begin();
    full.close();
  }

  /** Begins the next file, durable when this returns. */
  private LogFile begin() throws SQLException, IOException {
    var files = segments.files();
    var there = LogSegments.list(directory);
    // Not one that is there and could not be read.
    long number = there.isEmpty() ? 1 : LogSegments.number(there.getLast()) + 1;
    var path = LogSegments.path(directory, number);
    LogFile.delete(path);
    var file = LogFile.create(path, durableSeq + 1, epoch);
    try {
      if (!files.isEmpty()) {
        long oldest = clock.instant().minus(settings.operationsAge()).toEpochMilli();
        file.carryOperationsFrom(files.getLast().path(), settings.operationsKept(), oldest);
      }
      file.commit();
      fsyncDirectory();
    } catch (SQLException | IOException e) {
      file.abandon();
      throw e;
    }
    segments = segments.with(new Segment(path, durableSeq + 1));
    return file;
  }

  private void purgeNow(long uptoSeq) {
    long safe = Math.min(uptoSeq, progress.applied());
    try {
      boolean activeIsDone =
          durableSeq <= safe && durableSeq >= segments.files().getLast().firstSeq();
      // A file worth its disk space goes before it is full.
      if (activeIsDone && active.bytes() > settings.rotateBytes() / 8) {
        rotate();
      }
      var files = segments;
      int gone = 0;
      while (gone < files.files().size() - 1 - settings.keepFiles()
          && files.lastSeq(gone, durableSeq) <= safe) {
        gone++;
      }
      segments = files.withoutFirst(gone);
      for (var file : files.files().subList(0, gone)) {
        LogFile.delete(file.path());
      }
      if (gone > 0) {
        fsyncDirectory();
        logger.info(
            "commit_log_purged directory={} files={} first_seq={}",
            directory,
            gone,
            segments.firstSeq());
      }
    } catch (SQLException e) {
      stop("the log could not begin a new file: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Enters the failed state, once. */
  private void stop(String reason, Throwable cause) {
    if (failure != null) {
      return;
    }
    var stopped = new LogFailedException(reason + " (" + directory + ")", cause);
    failure = stopped;
    progress.fail(stopped);
    logger.error("commit_log_stopped directory={} reason=\"{}\"", directory, reason, cause);
  }

  private void markSuspect() {
    try {
      Files.writeString(directory.resolve(LogOpening.SUSPECT), "");
    } catch (IOException e) {
      logger.warn("commit_log_mark_failed directory={} reason=\"{}\"", directory, e.getMessage());
    }
  }

  private void fsyncDirectory() throws IOException {
    if (System.getProperty("os.name").startsWith("Windows")) {
      return; // Windows does not let a folder be opened, and orders its metadata itself.
    }
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private void report() {
    if (recovery.clean()) {
      logger.info(
          "commit_log_opened directory={} epoch={} last_seq={} replayed={}",
          directory,
          epoch,
          durableSeq,
          recovery.replayed());
    } else {
      logger.warn(
          "commit_log_opened_with_losses directory={} epoch={} last_seq={} replayed={} damage={} quarantined={}",
          directory,
          epoch,
          durableSeq,
          recovery.replayed(),
          recovery.damage(),
          recovery.quarantined());
    }
  }

  private static void release(DirectoryLock lock) {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads whatever file holds the next entry, through a connection of its own. */
  private final class LocalLogCursor implements LogCursor {
    private final DamageList skipped = new DamageList();
    private long position;
    private @Nullable Path openPath;
    private @Nullable LogReader reader;

    LocalLogCursor(long position) {
      this.position = position;
    }

    @Override
    public List<LogEntry> next(int maximum) {
      while (true) {
        long newest = durableSeq;
        if (position >= newest) {
          return List.of();
        }
        var files = segments;
        if (position + 1 < files.firstSeq()) {
          throw new LogPurgedException(position + 1, files.firstSeq());
        }
        int index = files.indexOf(position + 1);
        try {
          var batch =
              readerOf(files.files().get(index).path())
                  .read(position, files.lastSeq(index, newest), maximum);
          position = batch.lastSeq();
          if (!batch.entries().isEmpty()) {
            return batch.entries();
          }
        } catch (SQLException e) {
          if (position + 1 < segments.firstSeq()) {
            throw new LogPurgedException(position + 1, segments.firstSeq());
          }
          throw new LogFailedException("cannot read the log after " + position, e);
        }
      }
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public List<LogDamage> damage() {
      return skipped.snapshot();
    }

    @Override
    public void close() {
      closeReader();
    }

    private LogReader readerOf(Path path) throws SQLException {
      var current = reader;
      if (current != null && path.equals(openPath)) {
        return current;
      }
      closeReader();
      var opened = LogReader.open(path, skipped, damage);
      reader = opened;
      openPath = path;
      return opened;
    }

    private void closeReader() {
      var current = reader;
      reader = null;
      if (current != null) {
        try {
          current.close();
        } catch (SQLException e) {
          logger.warn("commit_log_cursor_close_failed reason=\"{}\"", e.getMessage());
        }
      }
    }
  }
}
