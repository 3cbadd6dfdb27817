package io.mosaicdb.crawler.url;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicSuffixesTest {
  @ParameterizedTest
  @CsvSource({
    "example.com,        example.com",
    "a.b.example.co.uk,  example.co.uk",
    "WWW.Example.ORG,    example.org",
    "a.b.unlisted,       b.unlisted",
    "www.食狮.公司.cn,     xn--85x722f.xn--55qx5d.cn"
  })
  void hostBelongsToTheNameThatIsRegistered(String host, String registered) {
    assertThat(PublicSuffixes.findRegistered(host)).contains(registered);
  }

  @ParameterizedTest
  @ValueSource(strings = {"com", "co.uk", "unlisted", "", ".com", "[::1]"})
  void suffixBelongsToNobody(String host) {
    assertThat(PublicSuffixes.findRegistered(host)).isEmpty();
  }

  @Test
  void domainOfTheListItselfIsNone() {
    assertThat(PublicSuffixes.findRegistered("c.mm")).isEmpty();
  }
}
