package io.mosaicdb.storage.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TermBloomFilterTest {
  @Test
  void containsEveryTermAndFewOthers() {
    var terms = IntStream.range(0, 50_000).mapToObj(i -> "term" + i).toList();

    var filter = TermBloomFilter.parse(TermBloomFilter.of(terms).toByteArray());

    assertThat(terms).allMatch(filter::mightContain);
    long wrong = IntStream.range(0, 100_000).filter(i -> filter.mightContain("other" + i)).count();
    assertThat(wrong).isLessThan(1_100);
  }

  @Test
  void refusesWhatIsCutShort() {
    var bytes = TermBloomFilter.of(java.util.List.of("a")).toByteArray();

    assertThatThrownBy(
            () -> TermBloomFilter.parse(java.util.Arrays.copyOf(bytes, bytes.length - 8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("says 64 bits but has 0 bytes");
  }
}
