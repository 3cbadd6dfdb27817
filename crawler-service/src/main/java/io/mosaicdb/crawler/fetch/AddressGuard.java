package io.mosaicdb.crawler.fetch;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves names to addresses that a crawl may reach. It is the only resolver of the connections,
 * and they go to the very addresses that it returns: a name cannot have one address for the check
 * and another for the use. Reachable is what is public; of IPv6, what is global unicast. Forms that
 * carry an IPv4 address (NAT64, 6to4) are judged by it.
 */
final class AddressGuard implements DnsResolver, AutoCloseable {
  /** What answers a name's addresses. */
  @FunctionalInterface
  interface Names {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  /** Says that a host is at none but refused addresses. */
  static final class AddressRefusedException extends UnknownHostException {
    AddressRefusedException(String message) {
      super(message);
    }
  }

  private static final List<AddressRange> REFUSED_IPV4 =
      ranges(
          "0.0.0.0/8", // this network
          "10.0.0.0/8",
          "100.64.0.0/10", // shared by carriers
          "127.0.0.0/8",
          "168.63.129.16/32", // metadata of a cloud, though public by its number
          "169.254.0.0/16", // link-local, metadata
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24", // examples
          "192.88.99.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15", // benchmarks
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4", // multicast
          "240.0.0.0/4");
  private static final AddressRange GLOBAL_IPV6 = AddressRange.parse("2000::/3");
  private static final AddressRange NAT64 = AddressRange.parse("64:ff9b::/96");
  private static final AddressRange SIX_TO_FOUR = AddressRange.parse("2002::/16");
  private static final List<AddressRange> REFUSED_IPV6 =
      ranges(
          "2001::/23", // protocol assignments, Teredo among them
          "2001:db8::/32", // examples
          "3fff::/20");

  private final Names names;
  private final Duration timeout;
  private final List<AddressRange> allowed = new ArrayList<>();
  private final Set<String> allowedHosts = new HashSet<>();
  private final Map<String, InetSocketAddress> places;
  // Resolving blocks inside the system's library, where it would hold a virtual thread's carrier.
  private final ExecutorService resolvers =
      Executors.newFixedThreadPool(
          16, Thread.ofPlatform().daemon().name("crawler-names-", 0).factory());

  /**
   * @param exceptions addresses, ranges or host names that may be reached all the same
   * @param places hosts that are reached elsewhere than at their names' addresses
   * @param timeout for the addresses of a name
   */
  AddressGuard(
      Names names,
      List<String> exceptions,
      Map<String, InetSocketAddress> places,
      Duration timeout) {
    this.names = names;
    this.places = places;
    this.timeout = timeout;
    for (var exception : exceptions) {
      if (AddressRange.isAddress(exception)) {
        allowed.add(AddressRange.parse(exception));
      } else {
        allowedHosts.add(exception.toLowerCase(Locale.ROOT));
      }
    }
  }

  @Override
  public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
    var place = places.get(host);
    if (place != null) {
      return List.of(
          place.isUnresolved()
              ? new InetSocketAddress(first(place.getHostString()), place.getPort())
              : place);
    }
    var addresses = new ArrayList<InetSocketAddress>();
    for (var address : resolve(host)) {
      addresses.add(new InetSocketAddress(address, port));
    }
    return addresses;
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    var all = addresses(host);
    if (allowedHosts.contains(host)) {
      return all;
    }
    var reachable = new ArrayList<InetAddress>();
    for (var address : all) {
      if (allows(address)) {
        reachable.add(address);
      }
    }
    if (reachable.isEmpty()) {
      throw new AddressRefusedException(
          "%s is at %s, which a crawl may not reach; mosaic.crawler.allow-addresses can allow it"
              .formatted(host, all[0].getHostAddress()));
    }
    return reachable.toArray(InetAddress[]::new);
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }

  /** Whether a crawl may reach the address. */
  boolean allows(InetAddress address) {
    return allowed.stream().anyMatch(range -> range.contains(address)) || isPublic(address);
  }

  /** Whether the address is one of the public Internet. */
  static boolean isPublic(InetAddress address) {
    if (address instanceof Inet4Address) {
      return REFUSED_IPV4.stream().noneMatch(range -> range.contains(address));
    }
    if (NAT64.contains(address)) {
      return isPublic(embedded(address, 12));
    }
    if (SIX_TO_FOUR.contains(address)) {
      return isPublic(embedded(address, 2));
    }
    return GLOBAL_IPV6.contains(address)
        && REFUSED_IPV6.stream().noneMatch(range -> range.contains(address));
  }

  @Override
  public void close() {
    resolvers.shutdownNow();
  }

  private InetAddress first(String host) throws UnknownHostException {
    return addresses(host)[0];
  }

  private InetAddress[] addresses(String host) throws UnknownHostException {
    var answer = resolvers.submit(() -> names.resolve(host));
    try {
      var addresses = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (addresses.length == 0) {
        throw new UnknownHostException(host + " has no address");
      }
      return addresses;
    } catch (TimeoutException _) {
      answer.cancel(true);
      throw new UnknownHostException("no address of %s within %s".formatted(host, timeout));
    } catch (ExecutionException e) {
      var problem = new UnknownHostException(host + " has no address");
      problem.initCause(e.getCause());
      throw problem;
    } catch (InterruptedException _) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new UnknownHostException("interrupted while resolving " + host);
    }
  }

  private static InetAddress embedded(InetAddress address, int from) {
    var bytes = address.getAddress();
    try {
      return InetAddress.getByAddress(
          new byte[] {bytes[from], bytes[from + 1], bytes[from + 2], bytes[from + 3]});
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  private static List<AddressRange> ranges(String... ranges) {
    var list = new ArrayList<AddressRange>();
    for (var range : ranges) {
      list.add(AddressRange.parse(range));
    }
    return List.copyOf(list);
  }
}
