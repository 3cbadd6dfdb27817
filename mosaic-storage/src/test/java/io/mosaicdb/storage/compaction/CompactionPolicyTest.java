package io.mosaicdb.storage.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.storage.compaction.CompactionPolicy.Candidate;
import io.mosaicdb.storage.compaction.CompactionPolicy.Scope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompactionPolicyTest {
  private static final CompactionSettings SETTINGS =
      new CompactionSettings(3, 50, .3, 100, 10_000, 5_000, 0);
  private final CompactionPolicy policy = new CompactionPolicy(SETTINGS);

  @Test
  void mergesSmallShardsOnlyWhenThereAreMoreThanAllowed() {
    var shards = new ArrayList<>(List.of(full("large", 100), full("a", 1), full("b", 2)));
    shards.add(full("c", 3));
    assertThat(policy.choose(shards, Scope.DUE)).isEmpty();

    shards.add(full("d", 49));

    assertThat(ids(policy.choose(shards, Scope.DUE))).containsExactly("a", "b", "c", "d");
  }

  @Test
  void rewritesAShardWhenEnoughOfItIsSuperseded() {
    var little = new Candidate("little", 100, 71, 500);
    var much = new Candidate("much", 100, 70, 500);

    assertThat(ids(policy.choose(List.of(little, much), Scope.DUE))).containsExactly("much");
  }

  @Test
  void whatNeedsNoRewritingIsLeftAlone() {
    assertThat(policy.choose(List.of(full("a", 100)), Scope.ALL)).isEmpty();
    assertThat(policy.choose(List.of(full("a", 1)), Scope.EVERYTHING_SMALL)).isEmpty();
    assertThat(policy.choose(List.of(), Scope.ALL)).isEmpty();
  }

  @Test
  void onRequestFewSmallShardsAndFewSupersededVersionsAreEnough() {
    var shards =
        List.of(full("a", 1), full("large", 80), full("b", 2), new Candidate("c", 100, 99, 1));

    assertThat(ids(policy.choose(shards, Scope.EVERYTHING_SMALL))).containsExactly("a", "b", "c");
    assertThat(policy.choose(shards, Scope.ALL)).isEqualTo(shards);
  }

  @Test
  void aRunIsBoundedInWhatItReadsAndTakesTheSmallestFirst() {
    var shards =
        List.of(
            new Candidate("big", 10, 9, 4_000),
            new Candidate("small", 10, 10, 1_000),
            new Candidate("middle", 10, 10, 2_000));

    assertThat(ids(policy.choose(shards, Scope.EVERYTHING_SMALL)))
        .containsExactly("small", "middle");
    assertThat(policy.choose(shards, Scope.ALL)).hasSize(3);
    var huge = List.of(huge("x"), huge("y"), huge("z"));
    assertThat(ids(policy.choose(huge, Scope.EVERYTHING_SMALL))).containsExactly("x", "y");
  }

  @Test
  void largeDocumentsMakeShardsOfFewerDocuments() {
    assertThat(policy.documentsOfAShard(List.of(new Candidate("a", 10, 10, 100)))).isEqualTo(100);
    assertThat(policy.documentsOfAShard(List.of(new Candidate("a", 10, 10, 4_000)))).isEqualTo(25);
    assertThat(policy.documentsOfAShard(List.of(new Candidate("a", 1, 1, 99_999)))).isEqualTo(1);
  }

  @Test
  void refusesSettingsThatCannotWork() {
    assertThatThrownBy(() -> new CompactionSettings(0, 1, .3, 1, 1, 1, 0))
        .hasMessageContaining("maxSegments");
    assertThatThrownBy(() -> new CompactionSettings(1, 1, 0, 1, 1, 1, 0))
        .hasMessageContaining("tombstoneRatio");
    assertThatThrownBy(() -> new CompactionSettings(1, 1, .3, 1, 1, 1, -1))
        .hasMessageContaining("spareBytes");
  }

  private static Candidate full(String id, int documents) {
    return new Candidate(id, documents, documents, 10L * documents);
  }

  private static Candidate huge(String id) {
    return new Candidate(id, 100, 99, 1 << 30);
  }

  private static List<String> ids(List<Candidate> chosen) {
    return chosen.stream().map(Candidate::shardId).toList();
  }
}
