package io.mosaicdb.storage.partition;

import io.mosaicdb.storage.generation.GenerationManifest;
import io.mosaicdb.storage.generation.GenerationStore;
import io.mosaicdb.storage.shard.SealedShard;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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

  ShardInspection(
      GenerationStore generations, SegmentTable table, ShardRoom room, ShardReaders readers) {
    this.generations = generations;
    this.table = table;
    this.room = room;
    this.readers = readers;
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

  /** Looks at every shard's file. */
  void run() {
    for (ShardSlot slot : table.shards()) {
      var problem = problem(slot);
      if (problem.isPresent()) {
        var served = table.withdraw(slot, problem.get());
        if (served != null) {
          readers.leave(served);
          logger.error(
              "shard_damaged shard={} reason={}", slot.descriptor().shardId(), problem.get());
        }
      } else if (table.isMissing(slot)) {
        switch (open(slot)) {
          case Opened(var shard) -> restore(slot, shard);
          case Unreadable(var why) -> table.withdraw(slot, why);
        }
      }
    }
  }

  /** A file that cannot be read is as bad as one that is not there, and no reason to stop. */
  private Optional<String> problem(ShardSlot slot) {
    try {
      return generations.findProblem(slot.descriptor());
    } catch (IOException e) {
      return Optional.of(
          "file " + slot.descriptor().fileName() + " cannot be read: " + e.getMessage());
    }
  }

  private void restore(ShardSlot slot, SealedShard shard) {
    if (table.serve(slot, shard)) {
      logger.info("shard_restored shard={}", slot.descriptor().shardId());
    } else {
      shard.close();
    }
  }
}
