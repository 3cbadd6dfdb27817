package io.mosaicdb.worker.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.model.document.CommitBatch;
import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.document.Operation;
import io.mosaicdb.storage.document.CommitCodec;
import io.mosaicdb.storage.log.LogSettings;
import io.mosaicdb.storage.partition.Partition;
import io.mosaicdb.storage.partition.PartitionSettings;
import io.mosaicdb.storage.partition.ShardReaders;
import io.mosaicdb.storage.sqlite.ReadOnlySettings;
import io.mosaicdb.storage.text.TextIndexMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands beside the partitions, damaged. */
class NamespacesTest {
  private static final NamespaceName KEPT = new NamespaceName("kept");
  private static final NamespaceName OTHER = new NamespaceName("other");
  private static final NamespaceName ALIAS = new NamespaceName("also");
  private static final NamespaceRequest DEFINITION =
      new NamespaceRequest(
          new NamespaceRequest.SchemaBody(
              Map.of(
                  "text",
                  new NamespaceRequest.FieldBody(
                      "text", 1.0, "en", true, null, null, null, null, null)),
              Map.of(),
              new NamespaceRequest.VectorBody(null, null, "none", null),
              true),
          null);

  @TempDir private Path folder;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private Namespaces namespaces;

  @AfterEach
  void close() {
    namespaces.close();
    timer.shutdownNow();
  }

  @BeforeEach
  void open() throws IOException {
    namespaces =
        new Namespaces(
            folder,
            settings ->
                new PartitionSettings(
                    LogSettings.defaults(),
                    ReadOnlySettings.defaults(),
                    1_000,
                    64 << 20,
                    Duration.ofDays(1),
                    Duration.ofDays(1),
                    3),
            new Partition.Resources(
                new TextIndexMemory(1 << 20),
                timer,
                Runnable::run,
                new ShardReaders(),
                Clock.systemUTC()),
            0);
  }

  private void reopen() throws IOException {
    namespaces.close();
    open();
  }

  private void fill() {
    for (NamespaceName each : List.of(KEPT, OTHER)) {
      assertThat(namespaces.create(each, DEFINITION)).isTrue();
      assertThat(namespaces.create(each, DEFINITION)).isFalse();
      write(each, "one");
    }
    namespaces.putAlias(ALIAS, KEPT);
  }

  private void write(NamespaceName name, String id) {
    var document =
        new Document(
            id,
            new TreeMap<>(Map.of("text", "words")),
            null,
            new TreeMap<>(),
            List.of(),
            List.of());
    var batch = new CommitBatch("", List.of(Operation.upsert(document)));
    var _ = namespaces.require(name).partition(0).append(CommitCodec.encode(batch), null).join();
  }

  private long documents(NamespaceName name) {
    return namespaces.require(name).partition(0).snapshot().liveDocuments();
  }

  enum Damage {
    FLIPPED {
      @Override
      void applyTo(Path file) throws IOException {
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
      }
    },
    EMPTIED {
      @Override
      void applyTo(Path file) throws IOException {
        Files.write(file, new byte[0]);
      }
    },
    GONE {
      @Override
      void applyTo(Path file) throws IOException {
        Files.delete(file);
      }
    },
    UNREADABLE {
      @Override
      void applyTo(Path file) throws IOException {
        Files.delete(file);
        Files.createDirectory(file);
      }
    };

    abstract void applyTo(Path file) throws IOException;
  }

  static Stream<Arguments> table() {
    return Stream.of("kept/namespace.json", "aliases.json")
        .flatMap(name -> Stream.of("", ".sha256", ".copy").map(name::concat))
        .flatMap(file -> Stream.of(Damage.values()).map(damage -> Arguments.of(file, damage)));
  }

  @ParameterizedTest
  @MethodSource("table")
  void anyOneFileIsMendedAtTheStart(String name, Damage damage) throws IOException {
    fill();
    namespaces.close();
    var file = folder.resolve(name);
    var whole = Files.readAllBytes(file);

    damage.applyTo(file);
    open();

    requireMended(file, whole);
  }

  @ParameterizedTest
  @MethodSource("table")
  void anyOneFileIsMendedWhileItIsServed(String name, Damage damage) throws IOException {
    fill();
    var file = folder.resolve(name);
    var whole = Files.readAllBytes(file);

    damage.applyTo(file);
    namespaces.maintain();

    requireMended(file, whole);
    reopen();
    assertThat(documents(KEPT)).isEqualTo(1);
  }

  private void requireMended(Path file, byte[] whole) throws IOException {
    assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    assertThat(namespaces.unreadable()).isEmpty();
    assertThat(namespaces.aliasDamage()).isNull();
    assertThat(namespaces.mended()).hasSize(1);
    assertThat(documents(KEPT)).isEqualTo(1);
    assertThat(namespaces.aliases()).containsExactlyEntriesOf(Map.of("also", "kept"));
  }

  @Test
  void aLostDefinitionIsNamedAndNeverOverwritten() throws IOException {
    fill();
    namespaces.close();
    var definition = folder.resolve("kept/namespace.json");
    var whole = Files.readString(definition);
    for (String suffix : List.of("", ".sha256", ".copy")) {
      Files.delete(folder.resolve("kept/namespace.json" + suffix));
    }

    open();

    assertThat(namespaces.unreadable()).containsOnlyKeys(KEPT);
    assertThat(documents(OTHER)).isEqualTo(1);
    assertThatThrownBy(() -> namespaces.require(KEPT)).hasMessageContaining("missing");
    assertThatThrownBy(() -> namespaces.create(KEPT, DEFINITION))
        .isInstanceOf(MosaicException.class)
        .hasMessageContaining("cannot be opened");
    Files.writeString(definition, whole);
    namespaces.maintain();
    assertThat(namespaces.unreadable()).isEmpty();
    assertThat(documents(KEPT)).isEqualTo(1);
    write(KEPT, "two");
    reopen();
    assertThat(documents(KEPT)).isEqualTo(2);
  }

  @Test
  void aNamespaceThatCannotBeOpenedMayBeDeleted() throws IOException {
    fill();
    namespaces.close();
    Files.writeString(folder.resolve("other/namespace.json"), "{");
    Files.delete(folder.resolve("other/namespace.json.copy"));
    open();
    assertThat(namespaces.unreadable()).containsOnlyKeys(OTHER);

    namespaces.delete(OTHER);

    assertThat(namespaces.unreadable()).isEmpty();
    assertThat(namespaces.create(OTHER, DEFINITION)).isTrue();
    assertThat(documents(OTHER)).isZero();
  }

  @Test
  void aFolderThatAppearedIsNotOverwritten() throws IOException {
    Files.createDirectories(folder.resolve("kept/0/shards"));

    assertThatThrownBy(() -> namespaces.create(KEPT, DEFINITION))
        .hasMessageContaining("lies where");
  }

  @ParameterizedTest
  @ValueSource(strings = {"kept/0/log", "kept/0"})
  void whatIsPutBackIsServedWithoutAStart(String name) throws IOException {
    fill();
    namespaces.close();
    var aside = folder.resolveSibling(folder.getFileName() + "-aside");
    Files.move(folder.resolve(name), aside);
    open();
    assertThat(namespaces.require(KEPT).partition(0).status().problems()).isNotEmpty();
    assertThatThrownBy(() -> write(KEPT, "two")).hasMessageContaining("are lost");

    delete(folder.resolve(name));
    Files.move(aside, folder.resolve(name));
    for (int round = 0; round < 3; round++) {
      namespaces.maintain();
    }

    assertThat(namespaces.require(KEPT).partition(0).status().problems()).isEmpty();
    write(KEPT, "two");
    reopen();
    assertThat(documents(KEPT)).isEqualTo(2);
  }

  @Test
  void aLogThatIsTakenAwayWhileItIsWrittenLosesNothing() throws IOException {
    fill();
    delete(folder.resolve("kept/0/log"));

    for (int round = 0; round < 2; round++) {
      namespaces.maintain();
    }

    write(KEPT, "two");
    reopen();
    assertThat(documents(KEPT)).isEqualTo(2);
    assertThat(namespaces.require(KEPT).partition(0).status().problems()).isEmpty();
  }

  private static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (var paths = Files.walk(path)) {
      for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
