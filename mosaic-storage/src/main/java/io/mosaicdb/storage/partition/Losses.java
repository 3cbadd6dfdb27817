package io.mosaicdb.storage.partition;

import io.mosaicdb.storage.generation.DurableFiles;
import io.mosaicdb.storage.log.LogDamage;
import io.mosaicdb.storage.log.LogPosition;
import io.mosaicdb.storage.log.LogStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a partition has lost of commits that were acknowledged: the entries of damaged log files
 * that no generation holds, and a generation whose manifest cannot be read.
 *
 * <p>As long as anything is lost the partition only reads: a write would count on from a gap, and a
 * seal would make it look as if nothing had ever been there. What is lost stands in the file {@code
 * LOST} of the partition's folder, one loss a line, so that it is not forgotten when damaged files
 * have been set aside. It ends in one of two ways: the files are put back, or an operator renames
 * {@code LOST} to {@code LOST.accepted}.
 */
final class Losses {
  static final String NAME = "LOST";
  static final String ACCEPTED = "LOST.accepted";

  private static final Logger logger = LoggerFactory.getLogger(Losses.class);
  private static final Pattern COMMITS =
      Pattern.compile("commits (\\d{1,18}) to (\\d{1,18}|unknown), epoch (\\d{1,18}): (.*)");
  private static final Pattern GENERATION = Pattern.compile("(generation .*)");

  private final Path folder;
  private final DurableFiles disk = DurableFiles.onDisk();
  private volatile List<Loss> lost = List.of();

  /**
   * One loss.
   *
   * @param first its first commit, 0 for a generation
   * @param last its last commit; {@link LogDamage#UNKNOWN_END} where that is not known
   * @param epoch of the log that was opened without them
   */
  private record Loss(long first, long last, long epoch, String reason) {
    boolean isGeneration() {
      return first == 0;
    }

    boolean isOpen() {
      return last == LogDamage.UNKNOWN_END;
    }

    boolean covers(Loss other) {
      return isGeneration()
          ? other.isGeneration() && reason.equals(other.reason)
          : !other.isGeneration()
              && first <= other.first
              && last >= other.last
              && epoch >= other.epoch;
    }

    @Override
    public String toString() {
      return isGeneration()
          ? reason
          : "commits %d to %s, epoch %d: %s"
              .formatted(first, isOpen() ? "unknown" : Long.toString(last), epoch, reason);
    }
  }

  Losses(Path folder) {
    this.folder = folder;
  }

  /**
   * Compares what was found at the opening with what was lost before.
   *
   * @param generation why the generation served is not the one that was active, null if it is
   * @param sealed what the generation served holds
   */
  void find(@Nullable String generation, LogPosition sealed, LogStatus log) throws IOException {
    var found = new ArrayList<Loss>();
    if (generation != null) {
      found.add(new Loss(0, 0, 0, generation));
    }
    for (LogDamage damage : log.damage()) {
      if (damage.lastSeq() > sealed.seq()) {
        found.add(
            new Loss(
                Math.max(damage.firstSeq(), sealed.seq() + 1),
                damage.lastSeq(),
                log.epoch(),
                damage.reason()));
      }
    }
    for (Loss before : read(folder.resolve(NAME))) {
      // The end of a log that was lost shows itself once. A log of an earlier epoch was put back.
      if (before.isOpen()
          && log.epoch() >= before.epoch()
          && found.stream().noneMatch(Loss::isOpen)) {
        found.add(before);
      }
    }
    var accepted = read(folder.resolve(ACCEPTED));
    found.removeIf(each -> accepted.stream().anyMatch(one -> one.covers(each)));
    write(found);
    lost = List.copyOf(found);
    if (!found.isEmpty()) {
      logger.error("partition_reads_only folder={} lost={}", folder, found);
    }
  }

  /** Whether the log lacks commits that are not sealed. */
  static boolean areIn(LogStatus log, LogPosition sealed) {
    return log.damage().stream().anyMatch(each -> each.lastSeq() > sealed.seq());
  }

  private static List<Loss> read(Path file) throws IOException {
    var read = new ArrayList<Loss>();
    if (!Files.isRegularFile(file)) {
      return read;
    }
    var text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    for (String line : text.lines().toList()) {
      var commits = COMMITS.matcher(line);
      var generation = GENERATION.matcher(line);
      if (commits.matches()) {
        read.add(
            new Loss(
                Long.parseLong(commits.group(1)),
                commits.group(2).equals("unknown")
                    ? LogDamage.UNKNOWN_END
                    : Long.parseLong(commits.group(2)),
                Long.parseLong(commits.group(3)),
                commits.group(4)));
      } else if (generation.matches()) {
        read.add(new Loss(0, 0, 0, generation.group(1)));
      }
    }
    return read;
  }

  private void write(List<Loss> losses) throws IOException {
    var file = folder.resolve(NAME);
    if (losses.isEmpty()) {
      if (Files.exists(file)) {
        disk.delete(file);
        disk.fsyncDirectory(folder);
        logger.warn("partition_writes_again folder={}", folder);
      }
      return;
    }
    var text = new StringBuilder();
    losses.forEach(each -> text.append(each.toString().replace('\n', ' ')).append('\n'));
    var draft = folder.resolve(NAME + ".new");
    disk.write(draft, text.toString().getBytes(StandardCharsets.UTF_8));
    disk.fsync(draft);
    disk.rename(draft, file);
    disk.fsyncDirectory(folder);
  }

  /** Whether the operator has said to go on without what is lost. */
  boolean isAccepted() throws IOException {
    var accepted = read(folder.resolve(ACCEPTED));
    return !Files.exists(folder.resolve(NAME))
        && lost.stream().allMatch(each -> accepted.stream().anyMatch(one -> one.covers(each)));
  }

  /** Why the partition only reads; empty if it does not. */
  Optional<String> reason() {
    var now = lost;
    if (now.isEmpty()) {
      return Optional.empty();
    }
    var first = now.getFirst().toString();
    return Optional.of(
        "acknowledged writes are lost (%s%s): put the files back, or rename %s to %s to go on without them"
            .formatted(
                first,
                now.size() == 1 ? "" : " and " + (now.size() - 1) + " more",
                folder.resolve(NAME),
                ACCEPTED));
  }

  /** Each loss, in words. */
  List<String> all() {
    return lost.stream().map(Loss::toString).toList();
  }

  /** Refuses what would go on from a gap. */
  void requireNone(String what) throws IOException {
    var reason = reason();
    if (reason.isPresent()) {
      throw new IOException(what + " is not possible: " + reason.get());
    }
  }
}
