package io.mosaicdb.storage.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.storage.generation.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthorityStoreTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir private Path parent;

  @Test
  void publishedRanksAreInForceAndStillAreAfterAReopen() throws Exception {
    var store = AuthorityStore.open(folder());
    assertThat(store.current()).isEmpty();

    store.add("r1", List.of("a", "b"), new double[] {.25, .5});
    store.add("r1", List.of("b", "ü?"), new double[] {.125, .75});
    assertThat(store.current()).isEmpty();
    store.publish(described("r1", 4, 3));

    for (var each : List.of(store, AuthorityStore.open(folder()))) {
      var ranks = each.current().orElseThrow();
      assertThat(ranks.rank("a")).isEqualTo(.25);
      assertThat(ranks.rank("b")).isEqualTo(.125);
      assertThat(ranks.rank("ü?")).isEqualTo(.75);
      assertThat(ranks.rank("c")).isNaN();
      assertThat(ranks.mostRelative()).isEqualTo(3);
      assertThat(ranks.version()).isEqualTo(1);
      assertThat(ranks.description()).isEqualTo(described("r1", 4, 3));
      assertThat(each.problem()).isEmpty();
    }
  }

  @Test
  void anybodyCanReadTheFile() throws Exception {
    var store = AuthorityStore.open(folder());
    store.add("r1", List.of("a"), new double[] {1});
    store.publish(described("r1", 1, 1));

    assertThat(Files.readString(folder().resolve("CURRENT"))).isEqualTo("1");
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder().resolve("1.db"));
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT rank, (SELECT value FROM meta WHERE key = 'level') FROM ranks")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getDouble(1)).isEqualTo(1);
      assertThat(rows.getString(2)).isEqualTo("document");
    }
  }

  @Test
  void theNextRunReplacesTheFileAndLeavesNothingBehind() throws Exception {
    var store = AuthorityStore.open(folder());
    store.add("r1", List.of("a"), new double[] {1});
    store.publish(described("r1", 1, 1));
    store.add("never-ended", List.of("a"), new double[] {.5});
    store.add("r2", List.of("b"), new double[] {1});
    var before = store.current().orElseThrow();

    var after = store.publish(described("r2", 1, 1));

    assertThat(before.rank("a")).isEqualTo(1);
    assertThat(after.rank("a")).isNaN();
    assertThat(after.rank("b")).isEqualTo(1);
    assertThat(after.version()).isEqualTo(2);
    assertThat(store.publish(described("r2", 1, 1))).isSameAs(after);
    try (var files = Files.list(folder())) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .containsExactlyInAnyOrder("2.db", "CURRENT");
    }
  }

  @Test
  void ranksThatWereNotAllSentAreRefusedAndTheOldOnesStay() throws Exception {
    var store = AuthorityStore.open(folder());
    store.add("r1", List.of("a"), new double[] {1});
    store.publish(described("r1", 1, 1));
    store.add("r2", List.of("a"), new double[] {.5});

    assertThatThrownBy(() -> store.publish(described("r2", 2, 2)))
        .hasMessage("run r2 has ranks of 2 documents, 1 were sent");
    assertThatThrownBy(() -> store.publish(described("r3", 2, 2)))
        .hasMessage("no ranks of run r3 were sent");
    assertThatThrownBy(() -> store.add("r4", List.of("a"), new double[] {1.5}))
        .hasMessage("a rank must be between 0 and 1, got 1.5");
    assertThatThrownBy(() -> store.add("../r", List.of(), new double[0]))
        .hasMessage("a run's name has 1 to 100 letters, digits and hyphens, got '../r'");
    assertThat(store.current().orElseThrow().rank("a")).isEqualTo(1);
  }

  @Test
  void aPartitionWithoutDocumentsHasRanksOfNone() throws Exception {
    var store = AuthorityStore.open(folder());

    store.publish(described("r1", 9, 0));

    assertThat(AuthorityStore.open(folder()).current().orElseThrow().rank("a")).isNaN();
  }

  @Test
  void aDamagedFileIsReportedAndNotUsed() throws Exception {
    var store = AuthorityStore.open(folder());
    store.add("r1", List.of("document-a"), new double[] {.123456789});
    store.publish(described("r1", 1, 1));
    var file = folder().resolve("1.db");
    var bytes = Files.readAllBytes(file);
    int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("document-a");
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {'D'}), at);
    }

    var reopened = AuthorityStore.open(folder());

    assertThat(reopened.current()).isEmpty();
    assertThat(reopened.problem())
        .isEqualTo("authority: 1.db is damaged: its checksum differs; compute the ranks again");
    reopened.add("r2", List.of("a"), new double[] {1});
    reopened.publish(described("r2", 1, 1));
    assertThat(reopened.problem()).isEmpty();
    assertThat(AuthorityStore.open(folder()).current().orElseThrow().rank("a")).isEqualTo(1);
  }

  /** Fails the n-th step for every n; what is opened then has the old ranks or the new ones. */
  @Test
  void afterAFailureAtAnyStepThereAreTheOldRanksOrTheNewOnes() throws Exception {
    for (int step = 0; ; step++) {
      var folder = parent.resolve("step" + step);
      var failing = new FailingFiles(step);
      var store = AuthorityStore.open(folder);
      store.add("r1", List.of("a"), new double[] {.25});
      store.publish(described("r1", 1, 1));
      var faulty = AuthorityStore.open(folder, failing);
      faulty.add("r2", List.of("a"), new double[] {.75});
      boolean failed = false;
      try {
        faulty.publish(described("r2", 1, 1));
      } catch (IOException _) {
        failed = true;
      }

      double rank = AuthorityStore.open(folder).current().orElseThrow().rank("a");

      assertThat(rank).as("step %d", step).isIn(.25, .75);
      if (!failed) {
        assertThat(rank).isEqualTo(.75);
        assertThat(step).isGreaterThan(6);
        return;
      }
      // What a run does that is started again: it sends everything once more.
      var again = AuthorityStore.open(folder);
      again.add("r2", List.of("a"), new double[] {.75});
      again.publish(described("r2", 1, 1));
      assertThat(AuthorityStore.open(folder).current().orElseThrow().rank("a")).isEqualTo(.75);
    }
  }

  @Test
  void aReaderGoesByTheRanksOfOneRunWhileOthersArePublished() throws Exception {
    var store = AuthorityStore.open(folder());
    var ids = new ArrayList<String>();
    for (int i = 0; i < 500; i++) {
      ids.add("id" + i);
    }
    publish(store, ids, 1);
    var done = new AtomicBoolean();
    try (var pool = Executors.newFixedThreadPool(2)) {
      Callable<Integer> reading =
          () -> {
            int reads = 0;
            while (!done.get()) {
              var ranks = store.current().orElseThrow();
              double expected = ranks.version() / 1000.0;
              for (String id : ids) {
                assertThat(ranks.rank(id)).isEqualTo(expected);
              }
              reads++;
            }
            return reads;
          };
      var readers = List.of(pool.submit(reading), pool.submit(reading));
      for (int run = 2; run <= 20; run++) {
        publish(store, ids, run);
      }
      done.set(true);
      for (var reader : readers) {
        assertThat(reader.get()).isPositive();
      }
    } finally {
      done.set(true);
    }
  }

  @Test
  void findsEveryIdOfManyAndNoOther() {
    for (int size : new int[] {1, 2, 3, 7, 1000, 50_000}) {
      var builder = new AuthorityRanks.Builder(1, described("r", size, size));
      for (int i = 0; i < size; i++) {
        builder.add("https://example.org/" + i, (i + 1) / 100_000.0);
      }
      var ranks = builder.build();

      for (int i = 0; i < size; i++) {
        assertThat(ranks.rank("https://example.org/" + i)).isEqualTo((i + 1) / 100_000.0);
        assertThat(ranks.rank("https://example.com/" + i)).isNaN();
      }
    }
  }

  private static void publish(AuthorityStore store, List<String> ids, int run) throws IOException {
    var ranks = new double[ids.size()];
    java.util.Arrays.fill(ranks, run / 1000.0);
    store.add("r" + run, ids, ranks);
    store.publish(described("r" + run, ids.size(), ids.size()));
  }

  private static AuthorityDescription described(String run, long nodes, long documents) {
    return new AuthorityDescription(run, "document", nodes, documents, NOON);
  }

  private Path folder() {
    return parent.resolve("authority");
  }

  private static final class FailingFiles implements DurableFiles {
    private final DurableFiles disk = DurableFiles.onDisk();
    private int left;

    FailingFiles(int left) {
      this.left = left;
    }

    private DurableFiles disk() throws IOException {
      if (left-- <= 0) {
        throw new IOException("the disk is gone");
      }
      return disk;
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
      disk().write(file, content);
    }

    @Override
    public void fsync(Path file) throws IOException {
      disk().fsync(file);
    }

    @Override
    public void rename(Path source, Path target) throws IOException {
      disk().rename(source, target);
    }

    @Override
    public void delete(Path file) throws IOException {
      disk().delete(file);
    }

    @Override
    public void fsyncDirectory(Path directory) throws IOException {
      disk().fsyncDirectory(directory);
    }
  }
}
