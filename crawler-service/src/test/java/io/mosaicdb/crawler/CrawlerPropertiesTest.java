package io.mosaicdb.crawler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class CrawlerPropertiesTest {
  private static CrawlerProperties bound(Map<String, String> values) {
    return new Binder(new MapConfigurationPropertySource(values))
        .bindOrCreate("mosaic.crawler", CrawlerProperties.class);
  }

  @Test
  void takesAddressesRangesAndNames() {
    var properties =
        bound(
            Map.of(
                "mosaic.crawler.allow-addresses", "127.0.0.1,10.0.0.0/8,::1,fd00::/8,wiki.intern",
                "mosaic.crawler.hosts.docs", "127.0.0.1:8080"));

    var fetching = properties.fetching(null, 1);
    assertThat(fetching.allowAddresses())
        .containsExactly("127.0.0.1", "10.0.0.0/8", "::1", "fd00::/8", "wiki.intern");
    assertThat(fetching.hosts().get("docs")).hasToString("/127.0.0.1:8080");
    assertThat(bound(Map.of()).fetching(null, 1).allowAddresses()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0",
        "10.0.0.0/33",
        "127.0.0.1:8080",
        "http://localhost/",
        "10.0.0.0/x",
        "two words"
      })
  void refusesWhatIsNoAddressAtTheStart(String value) {
    assertThatThrownBy(() -> bound(Map.of("mosaic.crawler.allow-addresses", "::1," + value)))
        .rootCause()
        .hasMessageStartingWith("mosaic.crawler.allow-addresses[1] must be an address, a range")
        .hasMessageEndingWith("got '" + value + "'");
  }

  @Test
  void refusesAPlaceWithoutAPort() {
    assertThatThrownBy(() -> bound(Map.of("mosaic.crawler.hosts.docs", "127.0.0.1")))
        .rootCause()
        .hasMessage("mosaic.crawler.hosts.docs must be address:port, got 127.0.0.1");
  }

  @Test
  void refusesATimeOfNothingBeforeTheFirstCrawl() {
    assertThatThrownBy(() -> bound(Map.of("mosaic.crawler.connect-timeout", "0s")).require())
        .hasMessage("mosaic.crawler: connect-timeout must be > 0, got PT0S");
  }
}
