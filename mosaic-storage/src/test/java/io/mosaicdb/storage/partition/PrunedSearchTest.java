package io.mosaicdb.storage.partition;

import static io.mosaicdb.storage.partition.PartitionFixture.near;
import static io.mosaicdb.storage.partition.PartitionFixture.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.storage.search.Routing;
import io.mosaicdb.storage.search.SearchOutcome.SegmentReport;
import io.mosaicdb.storage.search.SearchOutcome.State;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards are left out where nothing can be found, and nothing else changes. */
class PrunedSearchTest {
  private static final int SHARDS = 6;
  private static final int DOCUMENTS = 12;
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  @TempDir Path folder;
  private PartitionFixture fixture;

  @BeforeEach
  void open() {
    fixture = new PartitionFixture(folder, Duration.ZERO);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Shard s has the words of its topic, {@code only<s>} among them, and some that all have. */
  private void write(Partition partition, int shard) {
    var words = new Random(shard);
    for (int i = 0; i < DOCUMENTS; i++) {
      var text = new StringBuilder("only" + shard);
      for (int w = 0; w < 8; w++) {
        text.append(words.nextBoolean() ? " shared" : " topic" + shard + "x")
            .append(words.nextInt(6));
      }
      var _ =
          PartitionFixture.write(
              partition,
              upsert("d%d-%02d".formatted(shard, i), text.toString(), near(shard, 0.05, words)));
    }
  }

  private Partition inManyShards() throws IOException {
    var partition = fixture.open("many");
    for (int shard = 0; shard < SHARDS; shard++) {
      write(partition, shard);
      partition.seal();
    }
    return partition;
  }

  private Partition inOneShard() throws IOException {
    var partition = fixture.open("one");
    for (int shard = 0; shard < SHARDS; shard++) {
      write(partition, shard);
    }
    partition.seal();
    return partition;
  }

  private static List<State> states(List<SegmentReport> reports) {
    return reports.stream().map(SegmentReport::state).toList();
  }

  private String query() {
    var words = new StringBuilder();
    for (int w = random.nextInt(3); w >= 0; w--) {
      int shard = random.nextInt(SHARDS + 1);
      words
          .append(random.nextInt(4) == 0 ? " +" : " ")
          .append(
              switch (random.nextInt(4)) {
                case 0 -> "only" + shard;
                case 1 -> "shared" + random.nextInt(8);
                case 2 -> "topic" + shard + "x" + random.nextInt(6);
                default -> "\"only" + shard + " shared" + random.nextInt(6) + "\"";
              });
    }
    return words.toString().strip();
  }

  @Test
  void findsByWordsInManyShardsWhatIsFoundInOne() throws Exception {
    var many = inManyShards().snapshot();
    var one = inOneShard().snapshot();

    for (int i = 0; i < 300; i++) {
      var query = query();
      assertThat(fixture.words(many, query))
          .as("%s, seed %d", query, seed)
          .isEqualTo(fixture.words(one, query));
    }
  }

  @Test
  void searchesByVectorsOnlyTheShardsThatAreNear() throws Exception {
    var snapshot = inManyShards().snapshot();
    var middle = near(2, 0, random);

    var near = fixture.routed(snapshot, null, middle, new Routing(0.9, false));

    assertThat(near.vector()).hasSize(DOCUMENTS).allMatch(hit -> hit.id().startsWith("d2-"));
    assertThat(states(near.segments())).filteredOn(State.SEARCHED::equals).hasSize(1);
    assertThat(near.segments())
        .filteredOn(report -> report.state() == State.PRUNED)
        .hasSize(SHARDS - 1)
        .allMatch(report -> report.reason().contains("centroid similarity"));
    assertThat(near.totalIsExact()).isFalse();

    var nothing = fixture.routed(snapshot, null, middle, new Routing(1.1, false));
    assertThat(states(nothing.segments())).containsOnly(State.PRUNED);
    assertThat(nothing.vector()).isEmpty();
  }

  @Test
  void neverLosesWordsToACentroid() throws Exception {
    var snapshot = inManyShards().snapshot();

    var found = fixture.routed(snapshot, "only4", near(2, 0, random), new Routing(0.9, false));

    assertThat(found.text()).hasSize(DOCUMENTS).allMatch(hit -> hit.id().startsWith("d4-"));
    assertThat(found.vector()).allMatch(hit -> hit.id().startsWith("d2-"));
    assertThat(found.total()).isEqualTo(DOCUMENTS);
  }

  @Test
  void searchesByVectorsWhereTheWordsAreIfThatIsAskedFor() throws Exception {
    var snapshot = inManyShards().snapshot();
    var middle = near(3, 0, random);

    var everywhere = fixture.routed(snapshot, "only3", middle, Routing.EVERYWHERE);
    var there = fixture.routed(snapshot, "only3", middle, new Routing(null, true));

    assertThat(states(everywhere.segments())).containsOnly(State.SEARCHED);
    assertThat(states(there.segments())).filteredOn(State.SEARCHED::equals).hasSize(1);
    assertThat(there.text()).isEqualTo(everywhere.text());
    assertThat(there.vector()).isEqualTo(everywhere.vector().subList(0, DOCUMENTS));
    assertThat(there.total()).isEqualTo(everywhere.total()).isEqualTo(DOCUMENTS);
    assertThat(there.totalIsExact()).isTrue();
  }

  @Test
  void alwaysSearchesWhatIsNotSealed() throws Exception {
    var partition = inManyShards();
    var _ = PartitionFixture.write(partition, upsert("new", "unheard", near(77, 0, random)));

    var found =
        fixture.routed(partition.snapshot(), null, near(2, 0, random), new Routing(0.999, false));

    assertThat(found.segments().getLast().state()).isEqualTo(State.SEARCHED);
    assertThat(found.vector()).anyMatch(hit -> hit.id().equals("new"));
    assertThat(fixture.words(partition.snapshot(), "unheard")).hasSize(1);
  }
}
