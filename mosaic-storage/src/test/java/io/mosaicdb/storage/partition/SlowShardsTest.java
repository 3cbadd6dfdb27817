package io.mosaicdb.storage.partition;

import static io.mosaicdb.storage.partition.PartitionFixture.upsert;
import static io.mosaicdb.storage.partition.PartitionFixture.vector;
import static io.mosaicdb.storage.partition.PartitionFixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.storage.search.PartitionSnapshot;
import io.mosaicdb.storage.search.SearchCommand;
import io.mosaicdb.storage.search.SearchOutcome;
import io.mosaicdb.storage.search.SearchOutcome.State;
import io.mosaicdb.storage.search.SegmentGuard;
import io.mosaicdb.storage.search.SegmentView;
import io.mosaicdb.storage.search.SnapshotSearch;
import io.mosaicdb.storage.segment.Segment;
import io.mosaicdb.storage.segment.SegmentReadException;
import io.mosaicdb.storage.shard.ShardSchema;
import io.mosaicdb.storage.text.TextQueryParser;
import io.mosaicdb.storage.vector.VectorMetric;
import io.mosaicdb.storage.vector.VectorQuery;
import io.mosaicdb.storage.vector.VectorSearchOptions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shards that keep a search waiting, or fail it: real ones, with a hook where they are read. */
class SlowShardsTest {
  private static final int SHARDS = 10;
  private static final Duration AMPLE = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private PartitionFixture fixture;
  private PartitionSnapshot snapshot;
  private final ExecutorService pool = Executors.newFixedThreadPool(2);
  private final ExecutorService relief = Executors.newFixedThreadPool(16);
  private final CountDownLatch end = new CountDownLatch(1);
  private final RecordingGuard guard = new RecordingGuard();

  private static final class RecordingGuard implements SegmentGuard {
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private String refused = "";

    @Override
    public Optional<String> findRefusal(Segment segment) {
      return segment.shardId().filter(refused::equals).map(_ -> "left alone");
    }

    @Override
    public void answered(Segment segment) {
      told.add("answered");
    }

    @Override
    public void failed(Segment segment, String reason) {
      told.add("failed " + segment.shardId().orElseThrow());
    }

    @Override
    public void notAsked(Segment segment) {
      told.add("not asked");
    }
  }

  /** What happens whenever a shard is read. */
  private interface Hook {
    void read(String shardId) throws InterruptedException;
  }

  @BeforeEach
  void shards() throws Exception {
    fixture = new PartitionFixture(folder, Duration.ofHours(1));
    var partition = fixture.open("p");
    for (int i = 0; i < SHARDS; i++) {
      write(partition, upsert("d" + i, "common", vector(i)));
      partition.seal();
    }
    snapshot = partition.snapshot();
  }

  @AfterEach
  void close() {
    end.countDown();
    pool.shutdownNow();
    relief.shutdownNow();
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shardsThatAllWaitAreSearchedSideBySide(boolean byWords) throws Exception {
    // Nobody goes on before everybody is there: one after the other would never end.
    var together = new CountDownLatch(SHARDS);
    var here = ConcurrentHashMap.<String>newKeySet();

    var outcome =
        search(
            byWords,
            AMPLE,
            AMPLE,
            shard -> {
              if (here.add(shard)) {
                together.countDown();
                together.await();
              }
            });

    assertThat(found(outcome)).hasSize(SHARDS);
    assertThat(outcome.segments()).allMatch(each -> each.state() == State.SEARCHED);
    assertThat(guard.told).hasSize(SHARDS).containsOnly("answered");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aShardThatDoesNotAnswerInTimeCostsItselfAndIsNamed(boolean byWords) throws Exception {
    var slow = ids().get(3);

    for (int repetition = 0; repetition < 3; repetition++) {
      guard.told.clear();
      var outcome =
          search(
              byWords,
              Duration.ofMillis(1000),
              Duration.ofMillis(100),
              shard -> {
                if (shard.equals(slow)) {
                  end.await();
                }
              });

      assertThat(found(outcome)).hasSize(SHARDS - 1).doesNotContain("d3");
      assertThat(outcome.segments())
          .filteredOn(each -> each.state() != State.SEARCHED)
          .singleElement()
          .satisfies(late -> {
            assertThat(late.name()).isEqualTo(slow);
            assertThat(late.state()).isEqualTo(State.TIMED_OUT);
          });
      assertThat(guard.told).hasSize(SHARDS).containsOnlyOnce("failed " + slow);
    }
    assertThat(found(search(byWords, AMPLE, AMPLE, _ -> {}))).hasSize(SHARDS);
  }

  @Test
  void whoAsksForAnAnswerInNoTimeBlamesNoShard() throws Exception {
    search(
        true,
        Duration.ofMillis(100),
        AMPLE,
        shard -> {
          if (shard.equals(ids().getFirst())) {
            end.await();
          }
        });

    assertThat(guard.told).hasSize(SHARDS).noneMatch(each -> each.startsWith("failed"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aShardThatCannotBeReadHasFailed(boolean byWords) throws Exception {
    var broken = ids().get(7);

    var outcome =
        search(
            byWords,
            AMPLE,
            AMPLE,
            shard -> {
              if (shard.equals(broken)) {
                throw new SegmentReadException("broken", new IllegalStateException());
              }
            });

    assertThat(found(outcome)).hasSize(SHARDS - 1);
    assertThat(outcome.segments())
        .filteredOn(each -> each.state() == State.FAILED)
        .singleElement()
        .satisfies(each -> assertThat(each.reason()).isEqualTo("broken"));
    assertThat(guard.told).hasSize(SHARDS).containsOnlyOnce("failed " + broken);
  }

  @Test
  void aShardThatTheGuardRefusesIsNotReadAndNamed() throws Exception {
    guard.refused = ids().get(2);
    var read = ConcurrentHashMap.<String>newKeySet();

    var outcome = search(true, AMPLE, AMPLE, read::add);

    assertThat(read).hasSize(SHARDS - 1).doesNotContain(guard.refused);
    assertThat(outcome.segments())
        .filteredOn(each -> each.state() == State.SKIPPED)
        .singleElement()
        .satisfies(each -> {
          assertThat(each.name()).isEqualTo(guard.refused);
          assertThat(each.reason()).isEqualTo("left alone");
        });
  }

  private SearchOutcome search(boolean byWords, Duration timeout, Duration longest, Hook hook)
      throws Exception {
    var parser = new TextQueryParser(ShardSchema.indexedFields(PartitionFixture.SCHEMA));
    var command =
        new SearchCommand(
            byWords ? parser.parse("common") : null,
            byWords ? null : VectorQuery.of(VectorMetric.COSINE, vector(1)),
            VectorSearchOptions.EXACT,
            null,
            100,
            null,
            timeout);
    return new SnapshotSearch(pool, relief, 2, longest)
        .search(List.of(hooked(hook)), command, guard);
  }

  private List<String> ids() {
    return snapshot.segments().stream()
        .map(each -> each.segment().shardId().orElseThrow())
        .toList();
  }

  private static List<String> found(SearchOutcome outcome) {
    var hits = outcome.text().isEmpty() ? outcome.vector() : outcome.text();
    return hits.stream().map(SearchOutcome.LegHit::id).toList();
  }

  private PartitionSnapshot hooked(Hook hook) {
    return new PartitionSnapshot(
        snapshot.partition(),
        snapshot.generation(),
        snapshot.commitSeq(),
        snapshot.segments().stream()
            .map(each -> new SegmentView(hooked(each.segment(), hook), each.live()))
            .toList(),
        List.of());
  }

  private static Segment hooked(Segment segment, Hook hook) {
    return (Segment)
        Proxy.newProxyInstance(
            Segment.class.getClassLoader(),
            new Class<?>[] {Segment.class},
            (_, method, arguments) -> {
              if (method.getName().equals("text") || method.getName().equals("nearest")) {
                read(segment, hook);
              }
              try {
                return method.invoke(segment, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static void read(Segment segment, Hook hook) {
    try {
      hook.read(segment.shardId().orElseThrow());
    } catch (InterruptedException e) {
      throw new SegmentReadException("interrupted", e);
    }
  }
}
