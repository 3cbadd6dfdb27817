package io.mosaicdb.storage.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.DriverManager;
import org.junit.jupiter.api.Test;

class PlacesInBoxTest {
  @Test
  void readsTheTreeNotTheTable() throws Exception {
    try (var connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        var statement = connection.createStatement()) {
      statement.execute(AttributeTables.CREATE_PLACES);
      try (var plan =
          statement.executeQuery("EXPLAIN QUERY PLAN " + AttributeTables.PLACES_IN_BOX)) {
        assertThat(plan.next()).isTrue();
        // 2: by constraints on coordinates; the letters are the columns and comparisons used.
        assertThat(plan.getString("detail")).contains("VIRTUAL TABLE INDEX 2:D1B0D3B2");
      }
    }
  }
}
