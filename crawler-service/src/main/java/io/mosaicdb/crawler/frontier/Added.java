package io.mosaicdb.crawler.frontier;

import io.mosaicdb.crawler.url.HostKey;
import java.util.Map;

/**
 * What a change put into queues.
 *
 * @param queued URLs by host
 * @param outcome the reason as it stands now: a page that was read may turn out to be a duplicate
 * @param leadsTo the URL of the page that stands for it; empty where it stands for itself
 */
public record Added(Map<Host, Integer> queued, String outcome, String leadsTo) {
  /** A host of a crawl. */
  public record Host(long number, HostKey key) {}

  public Added {
    queued = Map.copyOf(queued);
  }
}
