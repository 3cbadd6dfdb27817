package io.mosaicdb.coordinator.ingest;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.worker.ShardWorkerApi.MatchingDocument;
import io.mosaicdb.coordinator.namespace.NamespaceCatalog;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.model.DocumentId;
import io.mosaicdb.model.InvalidInputException;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.model.filter.FilterParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Changes that depend on what is stored: patches, conditional writes, deletes by filter. They read,
 * then write on the condition that the version read is still there, and begin anew if it is not.
 */
public final class DocumentChanges {
  private static final int ATTEMPTS = 10;
  private static final int ROUNDS = 100;
  private static final int DELETES_IN_ONE_COMMIT = 1000;
  private final NamespaceCatalog catalog;
  private final WorkerTopology topology;
  private final DocumentReader reader;
  private final DocumentWriter writer;

  public DocumentChanges(
      NamespaceCatalog catalog,
      WorkerTopology topology,
      DocumentReader reader,
      DocumentWriter writer) {
    this.catalog = catalog;
    this.topology = topology;
    this.reader = reader;
    this.writer = writer;
  }

  /** How many documents a filter's delete removed, and the commits that did. */
  public record Deleted(long count, WriteReport report) {}

  WriteReport patch(
      NamespaceName namespace,
      DocumentId id,
      DocumentPatch patch,
      Precondition precondition,
      WriteOptions options) {
    boolean fixed = precondition instanceof Precondition.Version;
    return untilItHolds(
        !fixed,
        () -> {
          // Before the vectors are read: if another model's come to be in force meanwhile, they
          // are refused under the old one's name and made anew.
          var definition = catalog.load(namespace);
          var stored = reader.load(namespace, id, true);
          if (precondition instanceof Precondition.Version(long version)
              && stored.version() != version) {
            throw notInVersion(id, version, stored.version());
          }
          return writer.writeOne(
              namespace,
              patch.applyTo(
                  stored, definition.schema().vector().origin(), definition.vectorModel()),
              options);
        });
  }

  /** Writes under a precondition that a request's headers name. */
  WriteReport write(
      NamespaceName namespace, Write write, Precondition precondition, WriteOptions options) {
    return switch (precondition) {
      case Precondition.None _ -> writer.writeOne(namespace, write, options);
      case Precondition.Absent _ -> writer.writeOne(namespace, write.ifVersion(0), options);
      case Precondition.Version(long version) ->
          writer.writeOne(namespace, write.ifVersion(version), options);
      case Precondition.Present _ ->
          untilItHolds(
              true,
              () -> {
                var id = DocumentCheck.id(write.id(), write.pointer() + "/id");
                var stored = reader.find(namespace, id, false);
                if (stored.isEmpty()) {
                  throw new MosaicException(
                      ErrorCode.PRECONDITION_FAILED, "there is no document '" + id + "'");
                }
                return writer.writeOne(namespace, write.ifVersion(stored.get().version()), options);
              });
    };
  }

  /** Deletes what matches until nothing does. */
  Deleted deleteMatching(NamespaceName namespace, Map<String, @Nullable Object> filter) {
    var definition = catalog.load(namespace);
    try {
      var _ = FilterParser.parse(filter, definition.schema(), "/filter");
    } catch (InvalidInputException e) {
      throw MosaicException.invalidValue(e.pointer(), String.valueOf(e.getMessage()));
    }
    long count = 0;
    var all = new WriteReport(namespace, List.of(), new TreeMap<>());
    for (int round = 0; round < ROUNDS; round++) {
      var matching = matching(namespace, definition.partitions(), filter);
      if (matching.isEmpty()) {
        return new Deleted(count, all);
      }
      for (int from = 0; from < matching.size(); from += DELETES_IN_ONE_COMMIT) {
        var writes = new ArrayList<Write>();
        for (var document :
            matching.subList(from, Math.min(matching.size(), from + DELETES_IN_ONE_COMMIT))) {
          writes.add(Write.delete(document.id(), "/filter").ifVersion(document.version()));
        }
        // The next round must see what this one deleted.
        var report = writer.write(namespace, writes, WriteOptions.VISIBLE);
        count += report.outcomes().stream().filter(o -> o.status().equals("deleted")).count();
        all.commits().putAll(report.commits());
      }
    }
    throw new MosaicException(
        ErrorCode.OVERLOADED,
        count + " documents were deleted, and others that match keep being written");
  }

  private List<MatchingDocument> matching(
      NamespaceName namespace, int partitions, Map<String, @Nullable Object> filter) {
    var found = new ArrayList<MatchingDocument>();
    for (var owner : topology.ownersOf(partitions)) {
      found.addAll(owner.worker().api().matching(namespace.value(), withoutNulls(filter)));
    }
    return found;
  }

  /** Null members of a condition say nothing. */
  private static Map<String, Object> withoutNulls(Map<String, @Nullable Object> filter) {
    var clean = new TreeMap<String, Object>();
    filter.forEach((name, value) -> {
      if (value != null) {
        clean.put(name, value);
      }
    });
    return clean;
  }

  private static <T> T untilItHolds(boolean again, Supplier<T> attempt) {
    for (int i = 1; ; i++) {
      try {
        return attempt.get();
      } catch (MosaicException e) {
        if (e.code() != ErrorCode.PRECONDITION_FAILED || !again || i == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static MosaicException notInVersion(DocumentId id, long wanted, long found) {
    return new MosaicException(
        ErrorCode.PRECONDITION_FAILED,
        "document '%s' has version %d, not %d".formatted(id, found, wanted));
  }
}
