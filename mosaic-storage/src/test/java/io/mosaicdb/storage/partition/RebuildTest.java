package io.mosaicdb.storage.partition;

import static io.mosaicdb.storage.partition.PartitionFixture.SCHEMA;
import static io.mosaicdb.storage.partition.PartitionFixture.upsert;
import static io.mosaicdb.storage.partition.PartitionFixture.vector;
import static io.mosaicdb.storage.partition.PartitionFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.document.Operation;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.model.schema.VectorField;
import io.mosaicdb.storage.document.DocumentVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a schema with vectors to one without; what words find stays what it was. */
class RebuildTest {
  private static final Schema WITHOUT_VECTORS =
      new Schema(SCHEMA.fields(), new TreeMap<>(), VectorField.ABSENT, false);

  @TempDir private Path folder;
  private PartitionFixture fixture;

  @BeforeEach
  void create() {
    fixture = new PartitionFixture(folder, Duration.ofHours(1));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static boolean goOn() {
    return false;
  }

  private static void nothing() {}

  /** Leaves vectors out; {@code before} runs before each shard. */
  private record WithoutVectors(Runnable before) implements PartitionRebuild.Conversion {
    @Override
    public List<DocumentVersion> convert(List<DocumentVersion> versions, BooleanSupplier stop) {
      before.run();
      return versions.stream()
          .map(each ->
              new DocumentVersion(
                  new Document(
                      each.document().id(),
                      each.document().fields(),
                      null,
                      each.document().attributes(),
                      List.of(),
                      List.of()),
                  each.version()))
          .toList();
    }

    @Override
    public boolean keepsVectors() {
      return false;
    }
  }

  private static PartitionRebuild begin(Partition partition, Runnable before) {
    return partition.rebuild(() -> WITHOUT_VECTORS, null, new WithoutVectors(before));
  }

  private Map<String, String> documents(Partition partition) {
    var found = new TreeMap<String, String>();
    for (var view : partition.snapshot().segments()) {
      for (int i = 0; i < view.segment().documentCount(); i++) {
        if (view.isLive(i)) {
          var version = view.segment().load(new int[] {i}, false).getFirst();
          found.put(version.document().id(), version.document().text("text") + version.version());
        }
      }
    }
    return found;
  }

  @Test
  void whateverIsWrittenMeanwhileIsThereAndThePastTooWithItsVersions() throws Exception {
    var partition = fixture.open("p");
    var random = new Random(7);
    for (int i = 0; i < 40; i++) {
      write(partition, upsert("d" + i, "common word" + i, vector(i)));
      if (i % 8 == 7) {
        partition.seal();
      }
    }
    long then = partition.snapshot().commitSeq();
    var past = fixture.words(partition.snapshot(), "common");
    var quiet = new AtomicBoolean();
    Runnable busy =
        () -> {
          if (quiet.get()) {
            return;
          }
          int number = random.nextInt(50);
          write(
              partition,
              number % 3 == 0
                  ? Operation.delete("d" + number)
                  : upsert("d" + number, "common again" + number, vector(number)));
        };

    Map<String, String> expected;
    try (var rebuild = begin(partition, busy)) {
      for (int round = 0; round < 3; round++) {
        assertThat(rebuild.advance(RebuildTest::nothing, RebuildTest::goOn)).isTrue();
        busy.run();
      }
      quiet.set(true);
      expected = documents(partition);
      assertThat(rebuild.behind()).isPositive();
      assertThat(rebuild.hold(RebuildTest::nothing, RebuildTest::goOn)).isTrue();
      assertThat(rebuild.manifest()).isPresent();
      rebuild.activate();
      assertThat(documents(partition)).as("readers see the old one").isEqualTo(expected);
      rebuild.show(() -> WITHOUT_VECTORS);
    }

    assertThat(documents(partition)).isEqualTo(expected);
    assertThat(fixture.words(partition.snapshotAt(then), "common")).isEqualTo(past);
    assertThat(fixture.nearest(partition.snapshot(), vector(1), 10)).isEmpty();
    assertThat(partition.findGeneration(partition.snapshot().generation()).orElseThrow().embedder())
        .isNull();
    write(partition, upsert("after", "common"));
    assertThat(documents(partition)).containsKey("after").hasSize(expected.size() + 1);
  }

  @Test
  void anEndBeforeTheSwitchLeavesThePartitionAndItsFilesAsTheyWere() throws Exception {
    var partition = fixture.open("p");
    for (int i = 0; i < 6; i++) {
      write(partition, upsert("d" + i, "common", vector(i)));
      partition.seal();
    }
    var nearest = fixture.nearest(partition.snapshot(), vector(3), 6);
    var files = files();
    var stops = new ArrayList<Integer>();

    try (var rebuild = begin(partition, () -> stops.add(1))) {
      assertThat(rebuild.advance(RebuildTest::nothing, () -> stops.size() >= 3)).isFalse();
      assertThat(files()).hasSizeGreaterThan(files.size());
    }
    assertThat(files()).isEqualTo(files);
    try (var rebuild = begin(partition, RebuildTest::nothing)) {
      assertThat(rebuild.hold(RebuildTest::nothing, RebuildTest::goOn)).isTrue();
      assertThat(rebuild.manifest()).isPresent();
    }

    assertThat(files()).isEqualTo(files);
    assertThat(fixture.nearest(partition.snapshot(), vector(3), 6)).isEqualTo(nearest);
    write(partition, upsert("later", "common", vector(9)));
    var again = fixture.reopen(partition, "p");
    assertThat(documents(again)).hasSize(7);
  }

  @Test
  void aShardWhoseFileGoesAfterItWasCopiedIsServedByItsCopy() throws Exception {
    var partition = fixture.open("p");
    for (int i = 0; i < 4; i++) {
      write(partition, upsert("d" + i, "common", vector(i)));
      partition.seal();
    }
    var expected = documents(partition);
    try (var rebuild = begin(partition, RebuildTest::nothing)) {
      assertThat(rebuild.hold(RebuildTest::nothing, RebuildTest::goOn)).isTrue();
      assertThat(rebuild.manifest()).isPresent();
      rebuild.activate();
      Files.delete(partition.shards().get(1).file());
      partition.maintain();
      assertThat(partition.snapshot().missing()).hasSize(1);
      rebuild.show(() -> WITHOUT_VECTORS);
    }

    assertThat(documents(partition)).isEqualTo(expected);
    assertThat(partition.snapshot().missing()).isEmpty();
  }

  @Test
  void whoArchivesAShardDuringTheSwitchWaitsForItsEnd() throws Exception {
    var partition = fixture.open("p");
    write(partition, upsert("a", "common", vector(1)));
    partition.seal();
    var shard = partition.shardIds().getFirst();
    long generation = partition.snapshot().generation();
    var archived = new CompletableFuture<Boolean>();
    Thread archiving;
    try (var rebuild = begin(partition, RebuildTest::nothing)) {
      assertThat(rebuild.hold(RebuildTest::nothing, RebuildTest::goOn)).isTrue();
      assertThat(rebuild.manifest()).isPresent();
      archiving =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  archived.complete(partition.archive(shard, true));
                } catch (IOException | RuntimeException e) {
                  archived.completeExceptionally(e);
                }
              });
      while (archiving.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      rebuild.activate();
      rebuild.show(() -> WITHOUT_VECTORS);
    }
    archiving.join();

    assertThat(archived.join()).as("the shard is another one by then").isFalse();
    assertThat(partition.snapshot().generation()).isEqualTo(generation + 1);
    assertThat(documents(partition)).containsOnlyKeys("a");
  }

  @Test
  void aSwitchThatStopsHalfWayLetsNoOtherGenerationComeInBetween() throws Exception {
    var partition = fixture.open("p");
    write(partition, upsert("a", "common", vector(1)));
    partition.seal();
    try (var rebuild = begin(partition, RebuildTest::nothing)) {
      assertThat(rebuild.hold(RebuildTest::nothing, RebuildTest::goOn)).isTrue();
      assertThat(rebuild.manifest()).isPresent();
      rebuild.activate();
    }

    partition.resumeActivation();
    assertThatThrownBy(() -> partition.archive(partition.shardIds().getFirst(), true))
        .isInstanceOf(ActivationSuspendedException.class);
    assertThat(documents(partition)).containsOnlyKeys("a");
  }

  /** As after a kill between the journal and the last file: another process ends it. */
  @Test
  void aSwitchThatWasPreparedIsEndedOnDiskOrFoundImpossible() throws Exception {
    var partition = fixture.open("p");
    write(partition, upsert("a", "common", vector(1)), upsert("b", "common", vector(2)));
    String manifest;
    try (var rebuild = begin(partition, RebuildTest::nothing)) {
      assertThat(rebuild.hold(RebuildTest::nothing, RebuildTest::goOn)).isTrue();
      manifest = rebuild.manifest().orElseThrow().toJson();
      PartitionFixture.copy(fixture.folder("p"), folder.resolve("killed"));
      PartitionFixture.copy(fixture.folder("p"), folder.resolve("damaged"));
    }
    var killed = folder.resolve("killed");
    assertThat(PartitionRebuild.isFinished(killed, manifest, fixture.clock)).isFalse();
    assertThat(PartitionRebuild.findProblems(killed, manifest, fixture.clock)).isEmpty();
    PartitionRebuild.finish(killed, manifest, fixture.clock);
    PartitionRebuild.finish(killed, manifest, fixture.clock);
    assertThat(PartitionRebuild.isFinished(killed, manifest, fixture.clock)).isTrue();
    var opened = fixture.open("killed");
    assertThat(documents(opened)).containsOnlyKeys("a", "b");
    assertThat(fixture.nearest(opened.snapshot(), vector(1), 5)).isEmpty();

    var damaged = folder.resolve("damaged");
    for (Path file : newest(damaged)) {
      Files.delete(file);
    }
    assertThat(PartitionRebuild.findProblems(damaged, manifest, fixture.clock)).isNotEmpty();
    assertThatThrownBy(() -> PartitionRebuild.finish(damaged, manifest, fixture.clock))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("refused");
    assertThat(documents(fixture.open("damaged"))).containsOnlyKeys("a", "b");
  }

  /** The shards that no generation of that copy names. */
  private List<Path> newest(Path copy) throws IOException {
    var before = files();
    try (var paths = Files.list(copy.resolve("shards"))) {
      return paths.filter(each -> !before.contains(each.getFileName().toString())).toList();
    }
  }

  private List<String> files() throws IOException {
    try (var paths = Files.list(fixture.folder("p").resolve("shards"))) {
      return paths.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }
}
