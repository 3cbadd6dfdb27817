package io.mosaicdb.model.document;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlHostTest {
  @ParameterizedTest
  @CsvSource({
    "https://en.wikipedia.org/wiki/Film, en.wikipedia.org",
    "HTTPS://EN.Wikipedia.ORG, en.wikipedia.org",
    "http://user:secret@example.org:8080/a@b, example.org",
    "http://[2001:db8::1]:80/, [2001:db8::1]",
    "https://example.org.?q=http://other.org/, example.org",
    "https://example.org#top, example.org",
    "https://ex ample.org/ space, ex ample.org",
  })
  void isTheHostAlone(String url, String host) {
    assertThat(UrlHost.of(url)).contains(host);
  }

  @ParameterizedTest
  @CsvSource({"mailto:a@example.org", "/relative/path", "file:///etc/hosts", "://x", "http://:80/"})
  void isEmptyWithoutOne(String url) {
    assertThat(UrlHost.of(url)).isEmpty();
  }

  @Test
  void isEmptyWithoutUrl() {
    assertThat(UrlHost.of(null)).isEmpty();
  }
}
