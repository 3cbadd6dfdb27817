package io.mosaicdb.crawler.url;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlNormalizerTest {
  private static final URI BASE = URI.create("http://example.org/dir/page.html?q=1");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.org/a",
        "HTTP://EXAMPLE.org/a",
        "http://example.org:80/a",
        "http://example.org./a",
        "http://example.org/a#part",
        "http://example.org/./a",
        "http://example.org/b/../a",
        "http://example.org//a",
        "http://example.org/%61",
        "http://example.org\\a",
        " http://exa\nmple.org/a ",
        "http://user:secret@example.org/a",
        "http://example.org/a?",
        "http://example.org/a?utm_source=x&gclid=1",
        "http://example.org/a?PHPSESSID=1234",
        "http://example.org/a;jsessionid=AB12",
        "http://example.org/(S(abc123))/a"
      })
  void spellingsOfOneAddressAreOne(String spelling) {
    assertThat(UrlNormalizer.normalize(spelling)).contains(URI.create("http://example.org/a"));
  }

  @ParameterizedTest
  @CsvSource({
    "other.html,            http://example.org/dir/other.html",
    "/other.html,           http://example.org/other.html",
    "//cdn.example.org/x,   http://cdn.example.org/x",
    "../up.html,            http://example.org/up.html",
    "../../../up.html,      http://example.org/up.html",
    "?q=2,                  http://example.org/dir/page.html?q=2",
    "'#part',               http://example.org/dir/page.html?q=1",
    "https:other,           https://other/",
    "http:other,            http://example.org/dir/other",
    "B%c3%bccher,           http://example.org/dir/B%C3%BCcher",
    "a b|c,                 http://example.org/dir/a%20b%7Cc",
    "100%,                  http://example.org/dir/100%25",
    "http://bücher.example/, http://xn--bcher-kva.example/",
    "http://0x7f.1/,        http://127.0.0.1/",
    "http://[::FFFF:7f00:1]/, 'http://[::ffff:7f00:1]/'",
    "?b=2&a=1&&c=,          http://example.org/dir/page.html?a=1&b=2&c"
  })
  void linksAreResolvedAsBrowsersDo(String href, String expected) {
    assertThat(UrlNormalizer.normalize(BASE, href)).contains(URI.create(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mailto:a@example.org",
        "javascript:void(0)",
        "ftp://example.org/",
        "file:///etc/passwd",
        "data:text/html,hi",
        "http://",
        "http://exa mple.org/",
        "http://example.org:99999/",
        "http://1.2.3.4.5/",
        "http://[::1",
        "http://a..b/"
      })
  void whatACrawlCannotFetchIsNoUrl(String href) {
    assertThat(UrlNormalizer.normalize(BASE, href)).isEmpty();
  }

  @Test
  void normalFormStaysWhatItIs() {
    for (var url :
        new String[] {
          "http://example.org/a%2Fb?c=%26&d=+",
          "https://example.org:8443/~joe/",
          "http://[2001:db8::1]/",
          "http://example.org/?a%5B%5D=1&a%5B%5D=2"
        }) {
      assertThat(UrlNormalizer.normalize(url)).contains(URI.create(url));
    }
  }

  @Test
  void serverOfAUrlHasItsPort() {
    assertThat(HostKey.of(URI.create("https://example.org/x")))
        .isEqualTo(new HostKey("https", "example.org", 443))
        .hasToString("https://example.org");
    assertThat(HostKey.of(URI.create("http://example.org:8080/")).url("/robots.txt"))
        .isEqualTo(URI.create("http://example.org:8080/robots.txt"));
  }
}
