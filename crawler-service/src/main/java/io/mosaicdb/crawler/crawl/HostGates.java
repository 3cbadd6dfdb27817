package io.mosaicdb.crawler.crawl;

import io.mosaicdb.crawler.url.HostKey;
import java.util.concurrent.ConcurrentHashMap;

/** The gates of all hosts that the process has asked. Thread-safe. */
final class HostGates {
  private final ConcurrentHashMap<HostKey, HostGate> gates = new ConcurrentHashMap<>();

  HostGate of(HostKey host) {
    return gates.computeIfAbsent(host, _ -> new HostGate());
  }
}
