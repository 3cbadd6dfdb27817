package io.mosaicdb.crawler.crawl;

import io.mosaicdb.crawler.url.HostKey;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The gates of all hosts that the process has asked, and the rests of their servers. A host is its
 * name: what it serves by http, by https and on other ports comes from one machine that has to be
 * kept a distance from. A rest is for one of them alone: where nobody listens for https, http goes
 * on. Thread-safe.
 */
final class HostGates {
  private final ConcurrentHashMap<String, HostGate> gates = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<HostKey, ServerRest> rests = new ConcurrentHashMap<>();

  HostGate of(HostKey server) {
    return gates.computeIfAbsent(server.host(), _ -> new HostGate());
  }

  ServerRest restOf(HostKey server) {
    return rests.computeIfAbsent(server, _ -> new ServerRest());
  }
}
