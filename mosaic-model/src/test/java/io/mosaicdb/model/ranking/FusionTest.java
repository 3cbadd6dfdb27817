package io.mosaicdb.model.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FusionTest {
  @Test
  void reciprocalRankGivesTheWorkedExample() {
    var fused =
        new Fusion.ReciprocalRank(60, .3, .7).fuse(ranked("1", "7", "3"), ranked("3", "1", "5"));

    assertThat(fused).extracting(RankedHit::id).containsExactly("3", "1", "5", "7");
    assertThat(fused.get(0).score()).isCloseTo(.016237, within(1e-6));
    assertThat(fused.get(1).score()).isCloseTo(.016208, within(1e-6));
    assertThat(fused.get(2).score()).isCloseTo(.011111, within(1e-6));
    assertThat(fused.get(3).score()).isCloseTo(.004839, within(1e-6));
  }

  @Test
  void normalizedScalesEachLegToItsOwnRange() {
    var fused =
        new Fusion.Normalized(1, 1)
            .fuse(
                List.of(new ScoredId("a", 20), new ScoredId("b", 10)),
                List.of(new ScoredId("b", .9), new ScoredId("c", .8), new ScoredId("a", .7)));

    assertThat(fused).extracting(RankedHit::id).containsExactly("a", "b", "c");
    assertThat(fused.get(0).score()).isEqualTo(1);
    assertThat(fused.get(1).score()).isEqualTo(1);
    assertThat(fused.get(2).score()).isCloseTo(.5, within(1e-9));
  }

  @Test
  void anEmptyLegLeavesTheOthersOrder() {
    for (Fusion fusion :
        List.of(new Fusion.ReciprocalRank(60, 1, 1), new Fusion.Normalized(1, 1))) {
      var fused = fusion.fuse(List.of(), ranked("x", "y", "z"));

      assertThat(fused).extracting(RankedHit::id).containsExactly("x", "y", "z");
    }
  }

  @Test
  void refusesWeightsThatRankNothing() {
    assertThatThrownBy(() -> new Fusion.ReciprocalRank(60, 0, 0)).hasMessageContaining("above 0");
    assertThatThrownBy(() -> new Fusion.Normalized(Double.NaN, 1)).hasMessageContaining("NaN");
  }

  private static List<ScoredId> ranked(String... ids) {
    var list = new ArrayList<ScoredId>();
    for (int i = 0; i < ids.length; i++) {
      list.add(new ScoredId(ids[i], 10 - i));
    }
    return list;
  }
}
