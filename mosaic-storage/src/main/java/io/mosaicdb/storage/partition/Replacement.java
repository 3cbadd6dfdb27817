package io.mosaicdb.storage.partition;

import io.mosaicdb.storage.document.DocumentVersion;
import io.mosaicdb.storage.generation.CommitRange;
import io.mosaicdb.storage.segment.Segment;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Shards in the making that are to take the place of segments: say what leaves, add what comes,
 * publish. Until {@link #publish} has returned readers see what they saw; closing what was not
 * published removes what was made. For one thread, within {@link ShardRoom#making}.
 *
 * <p>What is added must hold every version of the leaving segments that {@link #keptOf} names:
 * those that some commit since {@link #floor} leaves visible. Documents that changed meanwhile do
 * not matter, {@link GenerationSwitch} carries over what superseded them.
 */
final class Replacement implements AutoCloseable {
  private final SegmentTable table;
  private final ShardRoom room;
  private final GenerationSwitch generations;
  private long floor;
  private final List<HeldSegment> leaving;
  private final List<NewShard> made = new ArrayList<>();
  private boolean publishing;
  private boolean published;

  Replacement(
      List<? extends HeldSegment> leaving,
      long floor,
      SegmentTable table,
      ShardRoom room,
      GenerationSwitch generations) {
    this.table = table;
    this.room = room;
    this.generations = generations;
    this.floor = floor;
    this.leaving = new ArrayList<>(leaving);
  }

  /** The oldest commit that stays readable. */
  long floor() {
    return floor;
  }

  /** The ordinals of a leaving segment's versions that must be kept. */
  int[] keptOf(HeldSegment held) {
    var kept = new ArrayList<Integer>();
    Segment segment = held.segment();
    synchronized (table) {
      for (int i = 0; i < segment.documentCount(); i++) {
        if (held.state().isVisibleSince(i, segment.version(i), floor)) {
          kept.add(i);
        }
      }
    }
    return kept.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The versions that {@link #keptOf} names, with their vectors. */
  List<DocumentVersion> load(HeldSegment held) {
    return held.segment().load(keptOf(held), true);
  }

  /**
   * Makes a shard of {@code versions}.
   *
   * <p>A shard of the same content may be there already, made by earlier commits, and one id can
   * stand for one shard only. The old one then leaves as well, and the versions of it that must be
   * kept join the new one.
   */
  void add(List<DocumentVersion> versions) throws IOException, SQLException {
    var shard = room.make(versions, made);
    made.add(shard);
    var twin = table.findShard(shard.shardId());
    if (twin.isEmpty() || leaving.contains(twin.get())) {
      return;
    }
    leaving.add(twin.get());
    if (table.isMissing(twin.get())) {
      // Nothing of it can be read: what only it knew of the past is lost.
      floor = Long.MAX_VALUE;
      return;
    }
    var old = load(twin.get());
    if (!old.isEmpty()) {
      made.removeLast();
      discard(shard);
      var both = new ArrayList<>(old);
      both.addAll(versions);
      add(both);
    }
  }

  /**
   * Serves what was made in the place of what leaves, durably.
   *
   * @param commits what the new generation holds
   * @throws IOException as {@link GenerationSwitch#replace}
   */
  void publish(CommitRange commits) throws IOException {
    generations.warmUp(made);
    publishing = true;
    // Another replacement may have let go more of the past meanwhile.
    long horizon = Math.min(Math.max(floor, table.horizon()), commits.last());
    generations.replace(leaving, made, commits, horizon);
    published = true;
  }

  List<String> shardIds() {
    return made.stream().map(NewShard::shardId).toList();
  }

  long bytes() {
    return made.stream().mapToLong(each -> each.written().bytes()).sum();
  }

  /** Documents in what was made. */
  int documents() {
    return made.stream().mapToInt(each -> each.opened().documentCount()).sum();
  }

  @Override
  public void close() throws IOException {
    if (published) {
      return;
    }
    for (NewShard each : made) {
      if (publishing) {
        // The disk may have failed after the switch: a generation may name the file.
        each.opened().close();
      } else {
        discard(each);
      }
    }
  }

  private static void discard(NewShard shard) throws IOException {
    shard.opened().close();
    Files.deleteIfExists(shard.written().file());
  }
}
