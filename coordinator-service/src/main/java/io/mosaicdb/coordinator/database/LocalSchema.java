package io.mosaicdb.coordinator.database;

import java.util.List;

/**
 * What a file is: {@code applicationId} and {@code version} stand in its header.
 *
 * @param statements make an empty file into one of this version; each makes a table or an index
 */
public record LocalSchema(int applicationId, int version, List<String> statements) {
  public LocalSchema {
    if (applicationId == 0 || version <= 0) {
      throw new IllegalArgumentException(
          "a schema needs an application id and a version, got " + applicationId + ", " + version);
    }
    statements = List.copyOf(statements);
  }
}
