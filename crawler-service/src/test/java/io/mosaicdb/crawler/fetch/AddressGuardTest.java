package io.mosaicdb.crawler.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.crawler.fetch.AddressGuard.AddressRefusedException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.255",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:a00:1::",
        "2001::1",
        "2001:db8::1",
        "100::1"
      })
  void addressThatIsNotPublicIsRefused(String address) {
    assertThat(AddressGuard.isPublic(InetAddress.ofLiteral(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "93.184.215.14",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "169.253.255.255",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450:4001::200e",
        "64:ff9b::101:101",
        "2002:101:101::"
      })
  void publicAddressIsReached(String address) {
    assertThat(AddressGuard.isPublic(InetAddress.ofLiteral(address))).isTrue();
  }

  @Test
  void onlyThePublicOnesOfSeveralAddressesAreReached() throws Exception {
    try (var guard = guard(List.of(), "10.0.0.1", "93.184.215.14", "::1")) {
      assertThat(guard.resolve("mixed.test", 80))
          .containsExactly(new InetSocketAddress(InetAddress.ofLiteral("93.184.215.14"), 80));
    }
  }

  @Test
  void refusalNamesTheAddressAndTheKey() {
    try (var guard = guard(List.of(), "10.0.0.1")) {
      assertThatThrownBy(() -> guard.resolve("inside.test", 80))
          .isInstanceOf(AddressRefusedException.class)
          .hasMessageContaining("inside.test is at 10.0.0.1")
          .hasMessageContaining("mosaic.crawler.allow-addresses");
    }
  }

  @Test
  void rangesAddressesAndHostsCanBeAllowed() throws Exception {
    for (var exception : List.of("10.0.0.0/8", "10.0.0.1", "inside.test", "Inside.Test")) {
      try (var guard = guard(List.of(exception), "10.0.0.1")) {
        assertThat(guard.resolve("inside.test")).as(exception).hasSize(1);
      }
    }
    try (var guard = guard(List.of("10.0.1.0/24", "outside.test"), "10.0.0.1")) {
      assertThatThrownBy(() -> guard.resolve("inside.test"))
          .isInstanceOf(AddressRefusedException.class);
    }
  }

  @Test
  void wrongRangesAreRefused() {
    for (var range : List.of("10.0.0.0/33", "fd00::/129", "10.0.0.0/x", "300.1.1.1", "1.2.3/8")) {
      assertThatThrownBy(() -> guard(List.of(range), "10.0.0.1"))
          .as(range)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void hostCanBeReachedElsewhere() throws Exception {
    var place = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);
    try (var guard =
        new AddressGuard(
            host -> {
              throw new UnknownHostException(host);
            },
            List.of(),
            Map.of("www.example.org", place),
            Duration.ofSeconds(5))) {
      assertThat(guard.resolve("www.example.org", 443)).containsExactly(place);
    }
  }

  private static AddressGuard guard(List<String> exceptions, String... addresses) {
    return new AddressGuard(
        _ -> {
          var list = new InetAddress[addresses.length];
          for (int i = 0; i < addresses.length; i++) {
            list[i] = InetAddress.ofLiteral(addresses[i]);
          }
          return list;
        },
        exceptions,
        Map.of(),
        Duration.ofSeconds(5));
  }
}
