package io.mosaicdb.storage.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.storage.hash.ContentHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerationStoreTest {
  private static final EmbedderIdentity BGE = new EmbedderIdentity("bge-small", "r1", 384);
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path partition;

  @Test
  void hasNothingAtFirst() throws IOException {
    var store = open();

    assertThat(store.findCurrent()).isEmpty();
    assertThat(store.report().clean()).isTrue();
  }

  @Test
  void servesWhatWasActivatedAfterReopening() throws IOException {
    var store = open();
    var first = first(shard("a"));
    assertThat(store.activate(first, BGE)).isEqualTo(new Activation.Activated(first));
    var second = after(first, shard("a"), shard("b"));
    assertThat(store.activate(second, BGE)).isEqualTo(new Activation.Activated(second));

    var reopened = open();

    assertThat(reopened.findCurrent()).contains(second);
    assertThat(reopened.generations())
        .containsExactly(GenerationSummary.of(first), GenerationSummary.of(second));
    assertThat(reopened.findGeneration(1)).contains(first);
    assertThat(reopened.report().clean()).isTrue();
  }

  @Test
  void refusesAGenerationWhoseShardIsMissing() throws IOException {
    var store = open();
    var first = first(shard("a"));
    store.activate(first, BGE);
    var missing = shard("b");
    Files.delete(store.shardFile(missing));

    assertRefused(store.activate(after(first, missing), BGE), "b.db is missing");
    assertThat(store.findCurrent()).contains(first);
    assertThat(open().findCurrent()).contains(first);
  }

  @Test
  void refusesAnAlteredShard() throws IOException {
    var store = open();
    var shard = shard("a");
    Files.writeString(store.shardFile(shard), "content of A");

    assertRefused(store.activate(first(shard), BGE), "SHA-256");
    Files.writeString(store.shardFile(shard), "short");
    assertRefused(store.activate(first(shard), BGE), "bytes, the manifest says");
  }

  @Test
  void noticesAnAlterationOfAVerifiedShard() throws IOException {
    var store = open();
    var shard = shard("a");
    var first = first(shard);
    store.activate(first, BGE);
    Files.writeString(store.shardFile(shard), "content of A");
    Files.setLastModifiedTime(store.shardFile(shard), FileTime.from(NOW.plusSeconds(5)));

    assertThat(store.findProblem(shard)).hasValueSatisfying(p -> assertThat(p).contains("SHA-256"));
  }

  @Test
  void carriesAlongAShardThatIsDamagedAlready() throws IOException {
    var store = open();
    var old = shard("a");
    var first = first(old);
    store.activate(first, BGE);
    Files.writeString(store.shardFile(old), "content of A");
    Files.setLastModifiedTime(store.shardFile(old), FileTime.from(NOW.plusSeconds(5)));
    var bad = shard("b");
    Files.delete(store.shardFile(bad));

    assertRefused(store.activate(after(first, old, bad), BGE), "b.db is missing");
    var second = after(first, old, shard("c"));
    assertThat(store.activate(second, BGE)).isEqualTo(new Activation.Activated(second));

    assertThat(open().findCurrent()).contains(second);
    assertThat(open().report().damagedShards())
        .extracting(each -> each.shard())
        .containsExactly(old);
  }

  @Test
  void refusesTheVectorsOfAnotherEmbedderUnlessTold() throws IOException {
    var store = open();
    var first = first(shard("a"));
    var other = new EmbedderIdentity("bge-small", "r2", 384);

    assertRefused(store.activate(first, other), "vectors are of bge-small@r1/384");
    assertRefused(store.activate(first, null), "queries of null");
    assertThat(store.activate(first, other, true)).isInstanceOf(Activation.Activated.class);
  }

  @Test
  void refusesWhatDoesNotFollowTheActiveGeneration() throws IOException {
    var store = open();
    var first = first(shard("a"));
    assertRefused(
        store.activate(manifest(2, null, NOW, 10, List.of(shard("a"))), BGE),
        "the next generation is 1, not 2");
    store.activate(first, BGE);

    assertRefused(store.activate(first, BGE), "the next generation is 2, not 1");
    assertRefused(
        store.activate(manifest(2, "stranger", NOW, 20, List.of(shard("a"))), BGE),
        "its parent is stranger");
    assertRefused(
        store.activate(manifest(2, first.manifestId(), NOW, 3, List.of(shard("a"))), BGE),
        "it ends at commit 3");
  }

  @Test
  void tellsAllReasonsAtOnce() throws IOException {
    var store = open();
    var a = shard("a");
    var b = shard("b");
    Files.delete(store.shardFile(a));
    Files.delete(store.shardFile(b));

    var outcome = store.activate(manifest(7, "x", NOW, 1, List.of(a, b)), null);

    assertThat(((Activation.Refused) outcome).reasons()).hasSize(5);
  }

  @Test
  void goesBackToTheNewestValidGenerationWhenAManifestIsDamaged() throws IOException {
    var store = open();
    var first = first(shard("a"));
    store.activate(first, BGE);
    store.activate(after(first, shard("a"), shard("b")), BGE);
    var file = partition.resolve("generations/2.json");
    var whole = Files.readString(file);
    Files.writeString(file, whole.replace("b.db", "c.db"));

    var reopened = open();

    assertThat(reopened.findCurrent()).contains(first);
    assertThat(reopened.report().problems()).anyMatch(p -> p.contains("manifest 2 is set aside"));
    assertThat(partition.resolve("quarantine/generation-2.json")).exists();
    assertThat(file).doesNotExist();
    for (int start = 0; start < 2; start++) {
      var again = open();
      assertThat(again.findLoss()).hasValueSatisfying(loss -> assertThat(loss).contains("2"));
      assertRefused(again.activate(after(first, shard("c")), BGE), "cannot be read");
      assertThat(again.retain(Duration.ZERO, List.of()).isEmpty()).isTrue();
    }

    Files.writeString(file, whole);

    assertThat(open().report().clean()).isTrue();
    assertThat(open().findCurrent().orElseThrow().number()).isEqualTo(2);
  }

  @Test
  void goesOnFromAnOlderGenerationWhenTheLossIsAccepted() throws IOException {
    var store = open();
    var first = first(shard("a"));
    store.activate(first, BGE);
    store.activate(after(first, shard("a"), shard("b")), BGE);
    Files.delete(partition.resolve("generations/2.json"));

    var reopened = open();
    reopened.acceptLoss();

    assertThat(reopened.activate(after(first, shard("c")), BGE))
        .isInstanceOf(Activation.Activated.class);
    assertThat(open().report().clean()).isTrue();
  }

  @Test
  void believesNoPointerThatWasAltered() throws IOException {
    var store = open();
    var first = first(shard("a"));
    store.activate(first, BGE);
    var second = after(first, shard("a"), shard("b"));
    store.activate(second, BGE);
    var file = partition.resolve("generations/CURRENT");
    var whole = Files.readString(file);
    for (int i = 0; i < whole.length() - 1; i++) {
      var altered = new StringBuilder(whole);
      altered.setCharAt(i, (char) (whole.charAt(i) ^ 1));
      Files.writeString(file, altered);

      assertThat(open().findCurrent()).as("character %d", i).contains(second);
      assertThat(file).hasContent(whole);
    }
  }

  @Test
  void writesAgainWhatWasDamagedWhileItServed() throws IOException {
    var store = open();
    var first = first(shard("a"));
    store.activate(first, BGE);
    var manifest = partition.resolve("generations/1.json");
    var pointer = partition.resolve("generations/CURRENT");
    assertThat(store.rewrite()).isEmpty();
    var contents = List.of(Files.readString(manifest), Files.readString(pointer));

    Files.delete(manifest);
    Files.writeString(pointer, "");
    assertThat(store.rewrite()).hasSize(2);
    Files.writeString(manifest, contents.getFirst().replace("a.db", "b.db"));
    Files.delete(pointer);
    Files.createDirectory(pointer);
    assertThat(store.rewrite()).hasSize(2);

    assertThat(store.rewrite()).isEmpty();
    assertThat(List.of(Files.readString(manifest), Files.readString(pointer))).isEqualTo(contents);
  }

  @Test
  void survivesADamagedOrMissingPointer() throws IOException {
    var first = first(shard("a"));
    open().activate(first, BGE);
    Files.write(partition.resolve("generations/CURRENT"), new byte[] {-1, 0, 7});
    assertThat(open().findCurrent()).contains(first);

    Files.delete(partition.resolve("generations/CURRENT"));
    var reopened = open();

    assertThat(reopened.findCurrent()).contains(first);
    assertThat(reopened.report().problems()).contains("CURRENT is missing");
  }

  @Test
  void reportsDamagedAndMissingShardsAndSetsTheDamagedAside() throws IOException {
    var store = open();
    var a = shard("a");
    var b = shard("b");
    var first = first(a, b, shard("c"));
    store.activate(first, BGE);
    Files.writeString(store.shardFile(a), "content of A");
    Files.delete(store.shardFile(b));

    var reopened = open();

    assertThat(reopened.findCurrent()).contains(first);
    assertThat(reopened.report().damagedShards())
        .extracting(StoreReport.DamagedShard::shard)
        .containsExactly(a, b);
    assertThat(partition.resolve("quarantine/shard-a.db")).exists();
    assertThat(reopened.shardFile(a)).doesNotExist();
  }

  @Test
  void dropsOldGenerationsAndTheFilesOnlyTheyNeed() throws IOException {
    var store = open();
    var first =
        manifest(1, null, NOW.minus(Duration.ofDays(3)), 10, List.of(shard("a"), shard("b")));
    store.activate(first, BGE);
    var second =
        manifest(
            2,
            first.manifestId(),
            NOW.minus(Duration.ofDays(2)),
            20,
            List.of(shard("b"), shard("c")));
    store.activate(second, BGE);
    var third =
        manifest(
            3,
            second.manifestId(),
            NOW.minus(Duration.ofHours(1)),
            30,
            List.of(shard("c"), shard("d")));
    store.activate(third, BGE);

    var retention = store.retain(Duration.ofDays(1), List.of());
    assertThat(retention).isEqualTo(new Retention(List.of(1L), List.of("a.db")));
    assertThat(store.retain(Duration.ofDays(1), List.of(1L)).isEmpty()).isTrue();
    store.drop(retention);

    assertThat(store.generations()).extracting(GenerationSummary::number).containsExactly(2L, 3L);
    assertThat(partition.resolve("shards/a.db")).doesNotExist();
    assertThat(partition.resolve("shards/b.db")).exists();
    store.drop(store.retain(Duration.ZERO, List.of()));
    assertThat(store.generations()).extracting(GenerationSummary::number).containsExactly(3L);
    assertThat(open().report().clean()).isTrue();
  }

  @Test
  void removesShardFilesNobodyEverReferredToOnceTheyAreOld() throws IOException {
    var store = open();
    store.activate(first(shard("a")), BGE);
    var orphan = store.shardFile(shard("orphan"));
    assertThat(store.retain(Duration.ZERO, List.of()).isEmpty()).isTrue();

    Files.setLastModifiedTime(orphan, FileTime.from(NOW.minus(Duration.ofHours(2))));

    assertThat(store.retain(Duration.ZERO, List.of()).shardFiles()).containsExactly("orphan.db");
  }

  @Test
  void servesTheOldOrTheNewGenerationWhereverTheDiskDies() throws IOException {
    for (boolean forgets : new boolean[] {false, true}) {
      int total = activateDyingAt(Integer.MAX_VALUE, forgets);
      assertThat(total).isGreaterThan(8);
      for (int n = 1; n <= total; n++) {
        activateDyingAt(n, forgets);
      }
    }
  }

  @Test
  void neverLosesANeededFileWhereverTheDiskDiesWhileDropping() throws IOException {
    for (int n = 1; n < 12; n++) {
      var folder = Files.createTempDirectory(partition, "drop");
      var files = new FailPointFiles(Integer.MAX_VALUE, true);
      var store = GenerationStore.open(folder, files, clock());
      var first =
          manifest(
              1, null, NOW.minusSeconds(900), 10, List.of(shard(folder, "a"), shard(folder, "b")));
      store.activate(first, BGE);
      store.activate(
          manifest(2, first.manifestId(), NOW.minusSeconds(800), 20, List.of(shard(folder, "b"))),
          BGE);

      var dying = GenerationStore.open(folder, new FailPointFiles(n, true), clock());
      try {
        dying.drop(dying.retain(Duration.ZERO, List.of()));
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("died at operation " + n);
      }

      var reopened = GenerationStore.open(folder, DurableFiles.onDisk(), clock());
      assertThat(reopened.report().clean()).isTrue();
      for (var generation : reopened.generations()) {
        for (var name : generation.shardFiles()) {
          assertThat(reopened.shardFolder().resolve(name)).exists();
        }
      }
    }
  }

  /**
   * Activates a second generation on a disk that dies, reopens, and returns the operations seen.
   */
  private int activateDyingAt(int n, boolean forgets) throws IOException {
    var folder = Files.createTempDirectory(partition, "dying");
    var first = manifest(1, null, NOW, 10, List.of(shard(folder, "a")));
    GenerationStore.open(folder, DurableFiles.onDisk(), clock()).activate(first, BGE);
    var second =
        manifest(2, first.manifestId(), NOW, 20, List.of(shard(folder, "a"), shard(folder, "b")));

    var files = new FailPointFiles(n, forgets);
    var store = GenerationStore.open(folder, files, clock());
    boolean acknowledged = false;
    try {
      acknowledged = store.activate(second, BGE) instanceof Activation.Activated;
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("died at operation " + n);
    }

    var reopened = GenerationStore.open(folder, DurableFiles.onDisk(), clock());
    assertThat(reopened.report().clean()).as("operation %d forgets %s", n, forgets).isTrue();
    assertThat(reopened.findCurrent()).isPresent().get().isIn(first, second);
    if (acknowledged) {
      assertThat(reopened.findCurrent()).contains(second);
    } else {
      // Whichever it is, the same step can be tried again.
      var current = reopened.findCurrent().orElseThrow();
      var next = manifest(current.number() + 1, current.manifestId(), NOW, 30, current.shards());
      assertThat(reopened.activate(next, BGE)).isInstanceOf(Activation.Activated.class);
    }
    return files.operations();
  }

  private GenerationStore open() throws IOException {
    return GenerationStore.open(partition, DurableFiles.onDisk(), clock());
  }

  private static Clock clock() {
    return Clock.fixed(NOW, ZoneOffset.UTC);
  }

  private static GenerationManifest first(ShardDescriptor... shards) {
    return manifest(1, null, NOW, 10, List.of(shards));
  }

  private static GenerationManifest after(GenerationManifest parent, ShardDescriptor... shards) {
    return manifest(
        parent.number() + 1,
        parent.manifestId(),
        NOW,
        parent.commits().last() + 10,
        List.of(shards));
  }

  private static GenerationManifest manifest(
      long number,
      @Nullable String parent,
      Instant createdAt,
      long lastCommit,
      List<ShardDescriptor> shards) {
    return new GenerationManifest(
        number,
        parent,
        0,
        new CommitRange(1, 1, lastCommit),
        0L,
        BGE,
        "schema",
        "standard",
        shards,
        Map.of(),
        List.of(),
        createdAt);
  }

  private ShardDescriptor shard(String name) throws IOException {
    return shard(partition, name);
  }

  private static ShardDescriptor shard(Path partition, String name) throws IOException {
    var file = partition.resolve("shards").resolve(name + ".db");
    Files.createDirectories(partition.resolve("shards"));
    var content = ("content of " + name).getBytes(StandardCharsets.UTF_8);
    if (!Files.exists(file)) {
      Files.write(file, content);
      Files.setLastModifiedTime(file, FileTime.from(NOW));
    }
    return new ShardDescriptor(
        "shard-" + name,
        name + ".db",
        ContentHash.hexOfFile(file),
        content.length,
        1,
        1,
        1,
        5,
        null);
  }

  private static void assertRefused(Activation outcome, String reason) {
    assertThat(outcome).isInstanceOf(Activation.Refused.class);
    assertThat(((Activation.Refused) outcome).reasons()).anyMatch(text -> text.contains(reason));
  }

  @Test
  void refusesAManifestThatWasPointedToUnderAnotherId() throws IOException {
    var store = open();
    var first = first(shard("a"));
    store.activate(first, BGE);
    Files.writeString(partition.resolve("generations/CURRENT"), "1 " + "a".repeat(52) + "\n");

    var reopened = open();

    assertThat(reopened.findCurrent()).isEmpty();
    assertThat(reopened.report().problems()).anyMatch(p -> p.contains("CURRENT expects aaaa"));
    assertThatThrownBy(() -> reopened.findGeneration(1).orElseThrow())
        .isInstanceOf(java.util.NoSuchElementException.class);
    try (Stream<Path> aside = Files.list(partition.resolve("quarantine"))) {
      assertThat(aside).hasSize(1);
    }
  }
}
