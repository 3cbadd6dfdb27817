package io.mosaicdb.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.contract.worker.ShardWorkerApi.CentroidBody;
import io.mosaicdb.contract.worker.ShardWorkerApi.ShardBody;
import io.mosaicdb.contract.worker.ShardWorkerApi.ShardRoutingBody;
import io.mosaicdb.coordinator.routing.RoutingDatabase.Held;
import io.mosaicdb.coordinator.routing.RoutingDatabase.ShardName;
import io.mosaicdb.stubs.FileDamage;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The file says what the workers said last, whatever has happened to it. */
class RoutingDatabaseTest {
  private static final int SHARDS = 50;

  @TempDir private Path folder;
  private Path file;
  private RoutingDatabase database;
  private long now;

  @BeforeEach
  void open() {
    file = folder.resolve("routing.db");
    database = new RoutingDatabase(file);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void forgetsShardsAndNamespacesThatAreGone() throws SQLException {
    round();
    database.refresh("films", List.of(held(3)), ++now);

    assertThat(shards()).containsExactly(line(3));
    database.retain(Set.of("books"));
    assertThat(shards()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void isRightAfterTheNextRoundsWhereItWasDamagedWhileItWasOpen(FileDamage damage)
      throws Exception {
    round();

    damage.applyTo(file);

    rounds();
    assertThat(shards()).isEqualTo(expected());
    database.close();
    open();
    rounds();
    assertThat(shards()).isEqualTo(expected());
  }

  @ParameterizedTest
  @EnumSource
  void isRightAfterTheNextRoundsWhereItWasDamagedAtRest(FileDamage damage) throws Exception {
    round();
    database.close();

    damage.applyTo(file);

    open();
    rounds();
    assertThat(shards()).isEqualTo(expected());
  }

  /** The first may meet the damage, and be logged: nobody else waits for it. */
  private void rounds() throws IOException {
    try {
      round();
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageContaining("routing.db");
    }
    round();
  }

  private void round() {
    database.refresh(
        "films", IntStream.range(0, SHARDS).mapToObj(RoutingDatabaseTest::held).toList(), ++now);
    database.retain(Set.of("films"));
    for (ShardName each : database.undescribed()) {
      database.describe(
          each,
          new ShardRoutingBody(
              List.of(new CentroidBody(new byte[] {1, 2, 3, 4}, 1, 5)), new byte[300]));
    }
  }

  private static Held held(int number) {
    return new Held(
        "worker-1",
        new ShardBody(
            "shard-" + number,
            0,
            "films/0/shards/" + number + ".db",
            10 + number,
            20,
            0,
            1000,
            number,
            null,
            "active",
            "closed",
            false,
            "c".repeat(64),
            Map.of()));
  }

  private static String line(int number) {
    return "films shard-" + number + " films/0/shards/" + number + ".db " + (10 + number);
  }

  private static Set<String> expected() {
    var lines = new TreeSet<String>();
    IntStream.range(0, SHARDS).forEach(i -> lines.add(line(i)));
    return lines;
  }

  /** As another program reads the file. */
  private Set<String> shards() throws SQLException {
    var lines = new TreeSet<String>();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery("SELECT namespace, shard_id, path, documents FROM shards")) {
      while (rows.next()) {
        lines.add(
            rows.getString(1)
                + " "
                + rows.getString(2)
                + " "
                + rows.getString(3)
                + " "
                + rows.getLong(4));
      }
    }
    return lines;
  }
}
