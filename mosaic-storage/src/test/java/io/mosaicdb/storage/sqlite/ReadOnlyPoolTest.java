package io.mosaicdb.storage.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadOnlyPoolTest {
  @TempDir Path folder;

  private final ScheduledExecutorService cleaner = new ScheduledThreadPoolExecutor(1);
  private Path file = Path.of("unset");

  @BeforeEach
  void buildAShard() throws SQLException {
    file = folder.resolve("shard.db");
    try (var connection = SqliteConnections.openShardBuilder(file);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t(x INTEGER PRIMARY KEY)");
      statement.execute(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)"
              + " INSERT INTO t SELECT i FROM n");
      statement.execute("CREATE VIRTUAL TABLE v USING vec0(embedding float[2])");
      statement.execute("INSERT INTO v(rowid, embedding) VALUES (7, '[1,0]')");
    }
  }

  @AfterEach
  void stop() {
    cleaner.shutdownNow();
  }

  @Test
  void readsASealedFileWithSqliteVec() throws SQLException {
    try (var pool = pool(2, Duration.ofSeconds(60));
        var lease = pool.checkout()) {
      var select = lease.statement("SELECT rowid FROM v WHERE embedding MATCH '[1,0]' AND k = 1");
      try (var rows = select.executeQuery()) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getLong(1)).isEqualTo(7);
      }
      assertThat(lease.statement("SELECT rowid FROM v WHERE embedding MATCH '[1,0]' AND k = 1"))
          .isSameAs(select);
    }
    assertThat(folder.resolve("shard.db-wal")).doesNotExist();
    assertThat(folder.resolve("shard.db-shm")).doesNotExist();
  }

  @Test
  void neverWrites() throws SQLException {
    try (var pool = pool(1, Duration.ofSeconds(60));
        var lease = pool.checkout();
        var statement = lease.connection().createStatement()) {
      assertThatThrownBy(() -> statement.execute("INSERT INTO t VALUES (1000)"))
          .hasMessageContaining("SQLITE_READONLY");
      assertThatThrownBy(() -> statement.execute("SELECT load_extension('anything')"))
          .hasMessageContaining("not authorized");
    }
  }

  @Test
  void reportsThePragmasInForce() throws SQLException {
    var settings =
        new ReadOnlySettings(1, Duration.ofSeconds(1), Duration.ofSeconds(60), 1 << 20, 3 << 20);
    try (var pool = new ReadOnlyPool(file, settings, cleaner)) {
      assertThat(pool.pragmas())
          .containsEntry("mmap_size", Integer.toString(1 << 20))
          .containsEntry("cache_size", "-3072")
          .containsEntry("page_size", "4096");
    }
  }

  @Test
  void opensNoMoreThanItsMaximumAndSaysWhoHoldsThem() throws SQLException {
    var settings =
        new ReadOnlySettings(2, Duration.ofMillis(20), Duration.ofSeconds(60), 0, 1 << 20);
    try (var pool = new ReadOnlyPool(file, settings, cleaner)) {
      var first = pool.checkout();
      var second = pool.checkout();

      assertThatThrownBy(pool::checkout)
          .isInstanceOf(PoolTimeoutException.class)
          .hasMessageContaining("total=2, active=2, idle=0, waiting=0, maximum=2");
      first.close();
      first.close();
      assertThat(pool.state()).isEqualTo(new PoolState(1, 1, 0, 2));
      pool.checkout().close();
      second.close();
      assertThat(pool.state().idle()).isEqualTo(2);
    }
  }

  @Test
  void handsAReturnedConnectionToWhoeverWaits() throws Exception {
    try (var pool = pool(3, Duration.ofSeconds(60));
        var threads = Executors.newFixedThreadPool(12)) {
      var start = new CountDownLatch(1);
      Callable<Integer> reader =
          () -> {
            start.await();
            int sum = 0;
            for (int i = 0; i < 50; i++) {
              try (var lease = pool.checkout();
                  var rows = lease.statement("SELECT sum(x) FROM t").executeQuery()) {
                rows.next();
                sum += rows.getInt(1);
              }
            }
            return sum;
          };
      var sums = new ArrayList<Future<Integer>>();
      for (int i = 0; i < 12; i++) {
        sums.add(threads.submit(reader));
      }
      start.countDown();
      for (var sum : sums) {
        assertThat(sum.get(60, TimeUnit.SECONDS)).isEqualTo(50 * 5050);
      }
      assertThat(pool.state().total()).isLessThanOrEqualTo(3);
      assertThat(pool.state().active()).isZero();
    }
  }

  @Test
  void closesConnectionsNobodyUses() throws Exception {
    try (var pool = pool(4, Duration.ofMillis(30))) {
      var first = pool.checkout();
      pool.checkout().close();
      first.close();
      assertThat(pool.state().idle()).isEqualTo(2);

      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (pool.state().total() > 0 && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }

      assertThat(pool.state().total()).isZero();
      pool.checkout().close();
    }
  }

  @Test
  void outlivesTheUnlinkingOfItsFile() throws Exception {
    try (var pool = pool(1, Duration.ofSeconds(60));
        var lease = pool.checkout()) {
      Files.delete(file);
      try (var rows = lease.statement("SELECT count(*) FROM t").executeQuery()) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getInt(1)).isEqualTo(100);
      }
    }
  }

  @Test
  void givesTheSlotBackWhenTheFileCannotBeOpened() {
    var missing =
        new ReadOnlyPool(folder.resolve("missing.db"), ReadOnlySettings.defaults(), cleaner);

    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(missing::checkout)
          .isInstanceOf(SQLException.class)
          .isNotInstanceOf(PoolTimeoutException.class);
    }
    assertThat(missing.state().total()).isZero();
    missing.close();
  }

  @Test
  void refusesAfterClosingAndClosesWhatComesBack() throws SQLException {
    var pool = pool(1, Duration.ofSeconds(60));
    var lease = pool.checkout();
    pool.close();

    assertThatThrownBy(pool::checkout).hasMessageContaining("is closed");
    lease.close();
    assertThat(lease.connection().isClosed()).isTrue();
  }

  private ReadOnlyPool pool(int maximum, Duration idleTime) {
    return new ReadOnlyPool(
        file,
        new ReadOnlySettings(maximum, Duration.ofSeconds(30), idleTime, 1 << 20, 1 << 20),
        cleaner);
  }
}
