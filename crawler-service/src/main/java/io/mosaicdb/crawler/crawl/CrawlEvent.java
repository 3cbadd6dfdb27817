package io.mosaicdb.crawler.crawl;

import java.time.Instant;
import java.util.Map;

/**
 * Something that happened in a crawl.
 *
 * @param id counts the events of a crawl in this process, from 1
 * @param type {@code page}, {@code state}, {@code host}, {@code indexing} or {@code worker}
 */
public record CrawlEvent(long id, String type, Instant at, Map<String, Object> data) {
  public CrawlEvent {
    data = Map.copyOf(data);
  }
}
