package io.mosaicdb.storage.partition;

import static java.util.stream.Collectors.toSet;

import io.mosaicdb.storage.generation.GenerationManifest;
import io.mosaicdb.storage.generation.GenerationStore;
import io.mosaicdb.storage.shard.SealedShard;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether the shards' files are what their generation says. One that is gone or altered is
 * named as missing and the others serve on; one that is right again comes back.
 */
final class ShardInspection {
  private static final Logger logger = LoggerFactory.getLogger(ShardInspection.class);

  private final GenerationStore generations;
  private final SegmentTable table;
  private final ShardRoom room;
  private final ShardReaders readers;
  private final Verification verification;
  private final Clock clock;
  private final Map<String, Instant> verified = new HashMap<>();
  private volatile boolean reopen;

  ShardInspection(
      GenerationStore generations,
      SegmentTable table,
      ShardRoom room,
      Partition.Resources resources) {
    this.generations = generations;
    this.table = table;
    this.room = room;
    this.readers = resources.readers();
    this.verification = resources.verification();
    this.clock = resources.clock();
  }

  /** Whether a shard is readable again that can only come back with an opening of the partition. */
  boolean wantsReopening() {
    return reopen;
  }

  /** The generation's shards, those open that can be. */
  List<ShardSlot> open(GenerationManifest manifest) {
    var damaged = new HashMap<String, String>();
    for (var each : generations.report().damagedShards()) {
      damaged.put(each.shard().shardId(), each.reason());
    }
    var slots = new ArrayList<ShardSlot>();
    for (var descriptor : manifest.shards()) {
      var slot = new ShardSlot(descriptor);
      slot.archive(manifest.archived().contains(descriptor.shardId()));
      manifest.tombstonesOf(descriptor.shardId()).forEach(slot.state()::supersede);
      var reason = damaged.get(descriptor.shardId());
      if (reason != null) {
        slot.withdraw(reason);
      } else {
        switch (open(slot)) {
          case Opened(var shard) -> slot.serve(shard);
          case Unreadable(var why) -> slot.withdraw(why);
        }
      }
      slots.add(slot);
    }
    return slots;
  }

  private sealed interface Opening {}

  private record Opened(SealedShard shard) implements Opening {}

  private record Unreadable(String reason) implements Opening {}

  private Opening open(ShardSlot slot) {
    try {
      return new Opened(room.open(slot.descriptor()));
    } catch (SQLException | IllegalArgumentException e) {
      var reason = "cannot be opened: " + e.getMessage();
      logger.warn("shard_unreadable shard={} reason={}", slot.descriptor().shardId(), reason);
      return new Unreadable(reason);
    }
  }

  /** Looks at every shard's file, and reads one of those that were not read for long. */
  void run() {
    var due = findDue();
    for (ShardSlot slot : table.shards()) {
      var problem = problem(slot, slot.equals(due.orElse(null)));
      if (problem.isPresent()) {
        var served = table.withdraw(slot, problem.get());
        if (served != null) {
          readers.leave(served);
          logger.error(
              "shard_damaged shard={} reason={}", slot.descriptor().shardId(), problem.get());
        }
      } else if (table.isMissing(slot) && slot.identities() == null && table.isUncertain()) {
        // The log has to be applied anew, with the shard there from the beginning.
        reopen = true;
      } else if (table.isMissing(slot)) {
        switch (open(slot)) {
          case Opened(var shard) -> restore(slot, shard);
          case Unreadable(var why) -> table.withdraw(slot, why);
        }
      }
    }
  }

  /** A file that cannot be read is as bad as one that is not there, and no reason to stop. */
  private Optional<String> problem(ShardSlot slot, boolean due) {
    try {
      return due
          ? generations.verify(slot.descriptor(), verification.pace())
          : generations.findProblem(slot.descriptor(), verification.pace());
    } catch (IOException e) {
      return Optional.of(
          "file " + slot.descriptor().fileName() + " cannot be read: " + e.getMessage());
    }
  }

  /** One at a time: verifying is the background's background. */
  private Optional<ShardSlot> findDue() {
    var now = clock.instant();
    var held = table.shards();
    verified
        .keySet()
        .retainAll(held.stream().map(slot -> slot.descriptor().shardId()).collect(toSet()));
    for (ShardSlot slot : held) {
      // What is new here was read when it was opened or activated.
      var last = verified.putIfAbsent(slot.descriptor().shardId(), now);
      if (last != null && !now.isBefore(last.plus(verification.every()))) {
        verified.put(slot.descriptor().shardId(), now);
        return Optional.of(slot);
      }
    }
    return Optional.empty();
  }

  private void restore(ShardSlot slot, SealedShard shard) {
    if (table.serve(slot, shard)) {
      logger.info("shard_restored shard={}", slot.descriptor().shardId());
    } else {
      shard.close();
    }
  }
}
