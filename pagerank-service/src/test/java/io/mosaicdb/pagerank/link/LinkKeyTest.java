package io.mosaicdb.pagerank.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkKeyTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://Example.ORG/a#part|http://example.org/a",
        "HTTP://example.org:80|http://example.org/",
        "https://example.org:443/a?b=C|https://example.org/a?b=C",
        "https://example.org:80/|https://example.org:80/",
        "https://example.org/A|https://example.org/A",
        "http://user@example.org/|http://example.org/",
        "http://no spaces/#x|http://no spaces/",
        "a1|a1",
        "mailto:a@example.org|mailto:a@example.org",
        "chapter#1|chapter#1"
      })
  void addressesOfOneDocumentAreOne(String text, String key) {
    assertThat(LinkKey.of(text)).isEqualTo(key);
  }
}
