package io.mosaicdb.worker.backup;

import io.mosaicdb.storage.backup.BackupException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** A namespace's definition as a backup keeps it: the text of its {@code namespace.json}. */
final class BackupDefinitions {
  static final String FILE = "namespace.json";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private BackupDefinitions() {}

  static int partitions(String definition) throws BackupException {
    try {
      var partitions = MAPPER.readTree(definition).at("/settings/partitions");
      if (partitions.isInt()) {
        return partitions.intValue();
      }
    } catch (JacksonException e) {
      throw new BackupException("the definition is damaged: " + e.getOriginalMessage());
    }
    throw new BackupException("the definition does not say how many partitions there are");
  }
}
