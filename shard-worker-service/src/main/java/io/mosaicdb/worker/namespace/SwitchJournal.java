package io.mosaicdb.worker.namespace;

import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.model.schema.NamespaceSettings;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.generation.DurableFiles;
import io.mosaicdb.storage.partition.PartitionRebuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * The step at which a rebuilt namespace becomes the one that is served: {@code switch.json} in its
 * folder says which generation of each partition, and which definition, are to be in force. It is
 * written when all of their files are on disk, and removed when all of it is in force. Whoever
 * finds it at a start goes on where the process ended, so that every partition switches or none.
 */
final class SwitchJournal {
  static final String NAME = "switch.json";
  private static final Logger logger = LoggerFactory.getLogger(SwitchJournal.class);
  private static final JsonMapper MAPPER =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private final Path folder;
  private final Consumer<String> mended;

  /** {@code manifests}: by partition, those partitions that ever held anything. */
  record Entry(NamespaceRequest definition, Map<String, String> manifests) {}

  /**
   * @param mended as of {@link NamespaceFile}
   */
  SwitchJournal(Path folder, Consumer<String> mended) {
    this.folder = folder;
    this.mended = mended;
  }

  /** From here on the switch happens, whatever becomes of the process. */
  void write(Schema schema, NamespaceSettings settings, Map<String, String> manifests)
      throws IOException {
    var entry = new Entry(Definitions.describe(schema, settings), manifests);
    DurableFile.replace(folder, NAME, MAPPER.writeValueAsBytes(entry));
  }

  void remove() throws IOException {
    Files.deleteIfExists(folder.resolve(NAME));
    DurableFiles.onDisk().fsyncDirectory(folder);
  }

  /**
   * Ends a switch that was begun, before anything of the namespace is opened. A switch of which
   * nothing has happened and whose files are not whole is given up: the old generations serve on.
   * Where the manifest that was active is lost nobody can say what has happened: that waits until
   * it is put back.
   *
   * @throws IOException if it can neither be ended nor given up
   */
  void finish(Clock clock) throws IOException {
    var file = folder.resolve(NAME);
    if (!Files.exists(file)) {
      return;
    }
    Entry entry;
    try {
      entry = MAPPER.readValue(Files.readAllBytes(file), Entry.class);
    } catch (JacksonException e) {
      throw new IOException(file + " is damaged: " + e.getOriginalMessage(), e);
    }
    var problems = new ArrayList<String>();
    boolean begun = false;
    for (var each : entry.manifests().entrySet()) {
      var partition = folder.resolve(each.getKey());
      var loss = PartitionRebuild.findLoss(partition, clock);
      if (loss.isPresent()) {
        throw new IOException(
            "a rebuild cannot be ended: partition %s: %s; put the file back"
                .formatted(each.getKey(), loss.get()));
      }
      begun |= PartitionRebuild.isFinished(partition, each.getValue(), clock);
      problems.addAll(PartitionRebuild.findProblems(partition, each.getValue(), clock));
    }
    if (!problems.isEmpty()) {
      if (begun) {
        throw new IOException("a rebuild cannot be ended: " + String.join("; ", problems));
      }
      logger.error("switch_given_up folder={} problems={}", folder, problems);
      remove();
      return;
    }
    for (var each : entry.manifests().entrySet()) {
      PartitionRebuild.finish(folder.resolve(each.getKey()), each.getValue(), clock);
    }
    new NamespaceFile(folder, mended)
        .write(Definitions.schema(entry.definition()), Definitions.settings(entry.definition()));
    remove();
    logger.info("switch_ended folder={}", folder);
  }
}
