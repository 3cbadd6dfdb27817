package io.mosaicdb.storage.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.model.document.CommitBatch;
import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.document.Link;
import io.mosaicdb.model.document.Operation;
import io.mosaicdb.model.document.Passage;
import io.mosaicdb.model.document.Vectors;
import io.mosaicdb.model.document.WriteStatus;
import io.mosaicdb.model.filter.FilterParser;
import io.mosaicdb.model.schema.Attribute;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.Metric;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.model.schema.VectorField;
import io.mosaicdb.model.schema.VectorOrigin;
import io.mosaicdb.storage.document.CommitCodec;
import io.mosaicdb.storage.document.LinkedDocument;
import io.mosaicdb.storage.hash.ContentHash;
import io.mosaicdb.storage.log.LogSettings;
import io.mosaicdb.storage.search.SearchCommand;
import io.mosaicdb.storage.search.SearchOutcome;
import io.mosaicdb.storage.search.SnapshotScan;
import io.mosaicdb.storage.search.SnapshotSearch;
import io.mosaicdb.storage.shard.ShardSchema;
import io.mosaicdb.storage.sqlite.ReadOnlySettings;
import io.mosaicdb.storage.text.TextIndexMemory;
import io.mosaicdb.storage.text.TextQueryParser;
import io.mosaicdb.storage.vector.VectorMetric;
import io.mosaicdb.storage.vector.VectorQuery;
import io.mosaicdb.storage.vector.VectorSearchOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionTest {
  private static final int DIMENSIONS = 8;
  private static final Schema SCHEMA =
      new Schema(
              Schema.standard(0).fields(),
              new TreeMap<>(),
              new VectorField(DIMENSIONS, Metric.COSINE, VectorOrigin.CLIENT),
              false)
          .with("kind", new Attribute(AttributeType.STRING, true))
          .with("rank", new Attribute(AttributeType.INTEGER, true));

  @TempDir private Path folder;
  private final ScheduledExecutorService cleaner = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService pool = Executors.newFixedThreadPool(2);
  private final SnapshotSearch search = new SnapshotSearch(pool, 2);
  private final List<Partition> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(Partition::close);
    cleaner.shutdownNow();
    pool.shutdownNow();
  }

  @Test
  void findsADocumentByWordAndByVectorBeforeAndAfterSealing() throws Exception {
    var partition = open("a");
    write(partition, upsert("one", "red apples", 1), upsert("two", "green pears", 2));

    for (int round = 0; round < 2; round++) {
      assertThat(words(partition, "apple")).containsExactly("one");
      assertThat(nearest(partition, 2)).first().isEqualTo("two");
      partition.seal();
    }
    assertThat(partition.snapshot().generation()).isEqualTo(1);
    assertThat(partition.snapshot().segments()).hasSize(1);
  }

  @Test
  void aReplacementHidesTheOldTextAndADeleteHidesTheDocument() throws Exception {
    var partition = open("a");
    write(partition, upsert("one", "red apples", 1), upsert("two", "green pears", 2));
    partition.seal();
    var sealed = partition.shards().getFirst().file();
    var checksum = ContentHash.hexOfFile(sealed);

    var outcomes =
        write(
            partition,
            upsert("one", "blue plums", 3),
            Operation.delete("two"),
            Operation.delete("none"));

    assertThat(outcomes)
        .extracting(WriteOutcome::status)
        .containsExactly(WriteStatus.REPLACED, WriteStatus.DELETED, WriteStatus.NOT_FOUND);
    assertThat(words(partition, "apples")).isEmpty();
    assertThat(words(partition, "plums")).containsExactly("one");
    assertThat(words(partition, "pears")).isEmpty();
    partition.seal();
    assertThat(words(partition, "apples")).isEmpty();
    assertThat(words(partition, "plums")).containsExactly("one");
    assertThat(nearest(partition, 2)).containsExactly("one");
    assertThat(ContentHash.hexOfFile(sealed)).isEqualTo(checksum);
  }

  @Test
  void linksAreReadPageByPageFromShardsAndMemory() throws Exception {
    var partition = open("a");
    write(partition, linked("a", "https://x/b", "https://x/c"), linked("b"), linked("e", "e:1"));
    partition.seal();
    write(partition, linked("c", "https://x/a"), linked("a", "https://x/d"), Operation.delete("e"));

    var found = new ArrayList<String>();
    String after = null;
    List<LinkedDocument> page;
    do {
      page = SnapshotScan.links(partition.snapshot(), after, 2);
      for (var each : page) {
        found.add(
            each.id() + " " + each.url() + " " + each.links().stream().map(Link::url).toList());
        after = each.id();
      }
    } while (page.size() == 2);

    assertThat(found)
        .containsExactly(
            "a https://x/a [https://x/d]", "b https://x/b []", "c https://x/c [https://x/a]");
  }

  private static Operation linked(String id, String... targets) {
    return Operation.upsert(
        new Document(
            id,
            new TreeMap<>(Map.of("text", "a page")),
            "https://x/" + id,
            new TreeMap<>(),
            Arrays.stream(targets).map(url -> new Link(url, "there", null)).toList(),
            List.of()));
  }

  @Test
  void everythingIsThereAfterReopening() throws Exception {
    var partition = open("a");
    write(partition, upsert("one", "red apples", 1), upsert("two", "green pears", 2));
    partition.seal();
    write(partition, upsert("three", "yellow lemons", 3), Operation.delete("one"));
    partition.close();
    opened.clear();

    var again = open("a");

    assertThat(again.snapshot().commitSeq()).isEqualTo(2);
    assertThat(words(again, "apples lemons pears")).containsExactlyInAnyOrder("two", "three");
    assertThat(again.find("two", true).orElseThrow().version().document().passages()).hasSize(1);
    assertThat(again.find("one", false)).isEmpty();
    assertThat(again.find("three", false).orElseThrow().shardId()).isNull();
    assertThat(again.find("two", false).orElseThrow().shardId()).isNotNull();
  }

  @Test
  void theSameDocumentsInAnotherOrderMakeTheSameShard() throws Exception {
    var operations = new ArrayList<Operation>();
    for (int i = 0; i < 200; i++) {
      operations.add(upsert("doc-" + i, "text number " + i, i));
    }
    var first = open("a");
    write(first, operations.toArray(Operation[]::new));
    first.seal();
    Collections.shuffle(operations, new Random(3));
    var second = open("b");
    for (Operation each : operations) {
      write(second, each);
    }
    second.seal();

    assertThat(second.shards().getFirst().descriptor().shardId())
        .isEqualTo(first.shards().getFirst().descriptor().shardId());
  }

  @Test
  void theSameDocumentsAgainReplaceTheirShard() throws Exception {
    var partition = open("a");
    for (int round = 0; round < 3; round++) {
      write(partition, upsert("one", "red apples", 1), upsert("two", "green pears", 2));
      partition.seal();

      assertThat(words(partition, "apples")).containsExactly("one");
      assertThat(partition.status().documents()).isEqualTo(2);
    }
    partition.close();
    opened.clear();

    assertThat(words(open("a"), "pears")).containsExactly("two");
  }

  @Test
  void aCommitOfManyDocumentsIsSealedIntoShardsOfTheirSize() throws Exception {
    var partition = open("a");
    var operations = new ArrayList<Operation>();
    for (int i = 0; i < 2_500; i++) {
      operations.add(upsert("doc-" + i, "text number " + i, i));
    }
    write(partition, operations.toArray(Operation[]::new));
    partition.seal();

    assertThat(partition.shards())
        .extracting(each -> each.descriptor().documents())
        .containsExactly(1000, 1000, 500);
    assertThat(words(partition, "2077")).containsExactly("doc-2077");
    write(partition, Operation.delete("doc-2077"), upsert("doc-3", "another text", 3));
    assertThat(words(partition, "2077")).isEmpty();
    assertThat(partition.status().documents()).isEqualTo(2_499);
  }

  /** Later segments are searched for what beats the earlier ones: nothing may be lost by that. */
  @Test
  void theBestOfAllShardsAreTheFirstOfAllThatMatch() throws Exception {
    // With the first seed, shards of different average lengths once disagreed at the cut.
    for (long seed : new long[] {8_044_302_367_436L, System.nanoTime()}) {
      assertTheBestAreTheFirst(open("seed" + seed), seed);
    }
  }

  private void assertTheBestAreTheFirst(Partition partition, long seed) throws Exception {
    var random = new Random(seed);
    for (int batch = 0; batch < 3; batch++) {
      var operations = new ArrayList<Operation>();
      for (int i = 0; i < 1_700; i++) {
        var text = new StringBuilder();
        for (int w = 0; w <= random.nextInt(40); w++) {
          text.append("w")
              .append((int) (random.nextDouble() * random.nextDouble() * 30))
              .append(' ');
        }
        operations.add(upsert("doc-" + batch + "-" + i, text.toString(), random.nextInt(4_000)));
      }
      write(partition, operations.toArray(Operation[]::new));
      if (batch < 2) {
        partition.seal();
      }
    }
    assertThat(partition.snapshot().segments().size()).isGreaterThan(3);

    for (int q = 0; q < 40; q++) {
      var text = "w" + random.nextInt(30) + " w" + random.nextInt(30) + " w" + random.nextInt(5);
      var all = search(partition, text, q, 6_000);
      for (int candidates : new int[] {1, 10, 100}) {
        var best = search(partition, text, q, candidates);

        // By scores: where equal ones are cut, which document stays is open.
        assertThat(scores(best.text()))
            .as("seed %d, '%s', %d", seed, text, candidates)
            .isEqualTo(scores(all.text().subList(0, Math.min(candidates, all.text().size()))));
        assertThat(scores(best.vector()))
            .as("seed %d, vector %d, %d", seed, q, candidates)
            .isEqualTo(scores(all.vector().subList(0, candidates)));
        assertThat(best.total()).isEqualTo(all.total());
      }
    }
  }

  private static List<Double> scores(List<SearchOutcome.LegHit> hits) {
    return hits.stream().map(SearchOutcome.LegHit::score).toList();
  }

  private SearchOutcome search(Partition partition, String text, int vector, int candidates)
      throws Exception {
    var command =
        new SearchCommand(
            new TextQueryParser(ShardSchema.indexedFields(SCHEMA)).parse(text),
            VectorQuery.of(VectorMetric.COSINE, vector(vector)),
            VectorSearchOptions.EXACT,
            null,
            candidates,
            null,
            Duration.ofSeconds(20));
    return search.search(List.of(partition.snapshot()), command);
  }

  /** Whoever searches while generations change sees all documents, of the old one or of the new. */
  @Test
  void anActivationIsSeenWholeOrNotAtAll() throws Exception {
    var partition = open("a");
    var operations = new ArrayList<Operation>();
    for (int i = 0; i < 40; i++) {
      operations.add(upsert("doc-" + i, "same words", i));
    }
    write(partition, operations.toArray(Operation[]::new));
    var done = new AtomicBoolean();
    var sealing =
        CompletableFuture.runAsync(() -> {
          try {
            for (int round = 0; round < 15; round++) {
              write(partition, upsert("doc-" + round, "same words", round));
              partition.seal();
            }
          } catch (Exception e) {
            throw new IllegalStateException(e);
          } finally {
            done.set(true);
          }
        });
    long last = 0;
    int searches = 0;
    while (!done.get() || searches < 50) {
      var snapshot = partition.snapshot();
      assertThat(words(partition, "words")).hasSize(40).doesNotHaveDuplicates();
      assertThat(snapshot.generation()).isGreaterThanOrEqualTo(last);
      last = snapshot.generation();
      searches++;
    }
    sealing.get();
    assertThat(partition.snapshot().generation()).isEqualTo(15);
  }

  @Test
  void aConditionThatDoesNotHoldWritesNothing() throws Exception {
    var partition = open("a");
    long version = write(partition, upsert("one", "red apples", 1)).getFirst().version();

    var outcomes =
        write(
            partition,
            upsert("one", "wrong", 1).ifVersion(version + 7),
            upsert("one", "wrong", 1).ifVersion(Operation.ABSENT),
            upsert("one", "blue plums", 1).ifVersion(version));

    assertThat(outcomes)
        .extracting(WriteOutcome::status)
        .containsExactly(
            WriteStatus.PRECONDITION_FAILED, WriteStatus.PRECONDITION_FAILED, WriteStatus.REPLACED);
    assertThat(words(partition, "plums")).containsExactly("one");
    assertThat(words(partition, "wrong")).isEmpty();
  }

  @Test
  void aRepeatedOperationIdIsAppliedOnce() throws Exception {
    var partition = open("a");
    var payload = payload(upsert("one", "red apples", 1));

    var first = partition.append(payload, "key-1").get();
    var second = partition.append(payload, "key-1").get();

    assertThat(second.duplicate()).isTrue();
    assertThat(second.commitSeq()).isEqualTo(first.commitSeq());
    assertThat(second.outcomes()).isEqualTo(first.outcomes());
  }

  @Test
  void vectorsOfAnotherModelAreRefused() throws Exception {
    var partition = open("a");
    write(partition, upsert("one", "red apples", 1));
    var other = new CommitBatch("bge abc", List.of(upsert("two", "pears", 2)));

    assertThatThrownBy(() -> partition.append(CommitCodec.encode(other), null))
        .isInstanceOf(EmbedderMismatchException.class)
        .hasMessageContaining("bge abc");
  }

  @Test
  void whatCouldNotBeAppliedIsNotAppended() throws Exception {
    var partition = open("a");
    var good = upsert("one", "red apples", 1).upsert();
    assertThat(good).isNotNull();
    var shortVector =
        new Document(
            "two",
            good.fields(),
            null,
            good.attributes(),
            List.of(),
            List.of(new Passage(0, 1, new byte[4])));
    var zeroVector =
        new Document(
            "two",
            good.fields(),
            null,
            good.attributes(),
            List.of(),
            List.of(new Passage(0, 1, Vectors.toBytes(new float[DIMENSIONS]))));
    var wrongType =
        new Document(
            "two",
            good.fields(),
            null,
            new TreeMap<>(Map.of("rank", "high")),
            List.of(),
            List.of());
    var wrongField =
        new Document(
            "two", new TreeMap<>(Map.of("body", "x")), null, new TreeMap<>(), List.of(), List.of());

    for (Document bad : List.of(shortVector, zeroVector, wrongType, wrongField)) {
      assertThatThrownBy(() -> partition.append(payload(Operation.upsert(bad)), null))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> partition.append(new byte[] {1, 2, 3}, null))
        .hasMessageContaining("not a commit");
    assertThat(partition.snapshot().commitSeq()).isZero();
  }

  @Test
  void aFilterThatMatchesFewStillFillsThePage() throws Exception {
    var partition = open("a");
    for (int batch = 0; batch < 4; batch++) {
      var operations = new ArrayList<Operation>();
      for (int i = 0; i < 500; i++) {
        int n = batch * 500 + i;
        operations.add(upsert("doc-" + n, "some text " + n, n, n % 100 == 7 ? "rare" : "common"));
      }
      write(partition, operations.toArray(Operation[]::new));
      if (batch == 1) {
        partition.seal();
      }
    }

    var outcome =
        search(partition, "text", 3, Map.of("field", "kind", "op", "eq", "value", "rare"));

    assertThat(outcome.text()).hasSize(10);
    assertThat(outcome.vector()).hasSize(10);
    assertThat(outcome.total()).isEqualTo(20);
  }

  @Test
  void aShardWhoseFileIsGoneIsNamedAndComesBack() throws Exception {
    var partition = open("a");
    write(partition, upsert("one", "red apples", 1));
    partition.seal();
    write(partition, upsert("two", "green apples", 2));
    partition.seal();
    var lost = partition.shards().getFirst();
    var aside = folder.resolve("aside.db");
    Files.move(lost.file(), aside);

    partition.maintain();

    var outcome = search(partition, "apples", 1, null);
    assertThat(outcome.text()).hasSize(1);
    assertThat(outcome.segments())
        .anySatisfy(report -> {
          assertThat(report.name()).isEqualTo(lost.descriptor().shardId());
          assertThat(report.state()).isEqualTo(SearchOutcome.State.FAILED);
        });
    assertThat(partition.status().problems()).anyMatch(each -> each.contains("missing"));

    Files.move(aside, lost.file());
    partition.maintain();

    assertThat(search(partition, "apples", 1, null).text()).hasSize(2);
    assertThat(partition.status().problems()).isEmpty();
  }

  @Test
  void aDamagedShardDoesNotKeepTheOthersFromServing() throws Exception {
    var partition = open("a");
    write(partition, upsert("one", "red apples", 1));
    partition.seal();
    write(partition, upsert("two", "green apples", 2));
    partition.seal();
    var damaged = partition.shards().getFirst();
    partition.close();
    opened.clear();
    var intact = Files.readAllBytes(damaged.file());
    var bytes = intact.clone();
    bytes[bytes.length / 2] ^= 1;
    Files.write(damaged.file(), bytes);

    var again = open("a");
    assertThat(words(again, "apples")).containsExactly("two");
    assertThat(again.status().problems())
        .anyMatch(each -> each.contains(damaged.descriptor().shardId()));

    Files.write(damaged.file(), intact);
    again.maintain();
    assertThat(words(again, "apples")).containsExactlyInAnyOrder("one", "two");
  }

  /** Any interleaving of writes, seals and restarts answers like a map. */
  @Test
  void behavesLikeAMap() throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var expected = new HashMap<String, String>();
    var partition = open("map");
    for (int step = 0; step < 400; step++) {
      int choice = random.nextInt(100);
      if (choice < 80) {
        var operations = new ArrayList<Operation>();
        for (int i = 0; i <= random.nextInt(6); i++) {
          var id = "d" + random.nextInt(40);
          if (random.nextInt(4) == 0) {
            operations.add(Operation.delete(id));
            expected.remove(id);
          } else {
            var word = "w" + random.nextInt(30);
            operations.add(upsert(id, word, random.nextInt(50)));
            expected.put(id, word);
          }
        }
        write(partition, operations.toArray(Operation[]::new));
      } else if (choice < 92) {
        partition.seal();
      } else {
        partition.close();
        opened.remove(partition);
        partition = open("map");
      }
      if (step % 20 == 0) {
        for (int w = 0; w < 30; w++) {
          var word = "w" + w;
          assertThat(words(partition, word))
              .as("seed " + seed + " step " + step + " word " + word)
              .containsExactlyInAnyOrderElementsOf(
                  expected.entrySet().stream()
                      .filter(entry -> entry.getValue().equals(word))
                      .map(Map.Entry::getKey)
                      .toList());
        }
        assertThat(partition.status().documents()).as("seed " + seed).isEqualTo(expected.size());
      }
    }
  }

  private Partition open(String name) throws Exception {
    var settings =
        new PartitionSettings(
            LogSettings.defaults(),
            ReadOnlySettings.defaults(),
            1000,
            1L << 30,
            Duration.ofHours(1),
            Duration.ofHours(24),
            4);
    var partition =
        Partition.open(
            0,
            folder.resolve(name),
            () -> SCHEMA,
            settings,
            new Partition.Resources(
                new TextIndexMemory(1 << 24),
                cleaner,
                pool,
                new ShardReaders(),
                Clock.systemUTC()));
    opened.add(partition);
    return partition;
  }

  private static List<WriteOutcome> write(Partition partition, Operation... operations)
      throws Exception {
    return partition.append(payload(operations), null).get().outcomes();
  }

  private static byte[] payload(Operation... operations) {
    return CommitCodec.encode(new CommitBatch("", Arrays.asList(operations)));
  }

  private static Operation upsert(String id, String text, int vector) {
    return upsert(id, text, vector, "common");
  }

  private static Operation upsert(String id, String text, int vector, String kind) {
    return Operation.upsert(
        new Document(
            id,
            new TreeMap<>(Map.of("text", text)),
            null,
            new TreeMap<>(Map.of("kind", kind, "rank", (long) vector)),
            List.of(),
            List.of(new Passage(0, text.length(), Vectors.toBytes(vector(vector))))));
  }

  private static float[] vector(int seed) {
    var random = new Random(seed);
    var vector = new float[DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  private List<String> words(Partition partition, String text) throws Exception {
    return search(partition, text, null, null).text().stream()
        .map(SearchOutcome.LegHit::id)
        .toList();
  }

  private List<String> nearest(Partition partition, int vector) throws Exception {
    return search(partition, null, vector, null).vector().stream()
        .map(SearchOutcome.LegHit::id)
        .toList();
  }

  private SearchOutcome search(
      Partition partition, @Nullable String text, @Nullable Integer vector, @Nullable Object filter)
      throws Exception {
    var command =
        new SearchCommand(
            text == null
                ? null
                : new TextQueryParser(ShardSchema.indexedFields(SCHEMA)).parse(text),
            vector == null ? null : VectorQuery.of(VectorMetric.COSINE, vector(vector)),
            VectorSearchOptions.DEFAULT,
            filter == null ? null : FilterParser.parse(filter, SCHEMA, "/filter"),
            filter == null ? 50 : 10,
            null,
            Duration.ofSeconds(20));
    return search.search(List.of(partition.snapshot()), command);
  }
}
