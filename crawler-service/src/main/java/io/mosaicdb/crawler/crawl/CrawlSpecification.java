package io.mosaicdb.crawler.crawl;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a crawl is to do, checked, with every default filled in.
 *
 * @param seeds URLs in normal form
 * @param sitemaps lists of URLs to begin with
 * @param robotsSitemaps whether the sitemaps that a robots.txt names are read
 * @param userAgent null: the service's own
 * @param recrawl null: it is crawled once
 * @param warc whether what is fetched is kept as WARC files
 * @param replay the folder of WARC files that answer in place of the web; null: the web does
 */
public record CrawlSpecification(
    String namespace,
    List<String> seeds,
    List<String> sitemaps,
    boolean robotsSitemaps,
    ScopeRules scope,
    List<PriorityRule> priorities,
    Limits limits,
    @Nullable String userAgent,
    boolean foldDuplicates,
    @Nullable Recrawl recrawl,
    boolean warc,
    @Nullable String replay) {
  /**
   * Which URLs belong to a crawl: on one of the hosts, under one of the paths, like one of the
   * patterns to include where there are any, like none to exclude.
   *
   * @param hosts names; {@code *.example.org} is every name below; empty: those of the seeds
   * @param paths beginnings of paths; empty: all
   */
  public record ScopeRules(
      List<String> hosts, List<String> paths, List<String> include, List<String> exclude) {
    public ScopeRules {
      hosts = List.copyOf(hosts);
      paths = List.copyOf(paths);
      include = List.copyOf(include);
      exclude = List.copyOf(exclude);
    }
  }

  /** URLs like {@code pattern} come before those of a lower priority; 0 is that of others. */
  public record PriorityRule(String pattern, int priority) {}

  /**
   * Where a crawl stops, and how fast it goes.
   *
   * @param depth the most links from a seed
   * @param pages fetched in one run
   * @param bytes of pages fetched in one run
   * @param duration of a run; null: without end
   * @param delay between the end of one request to a host and the next
   * @param concurrency requests at one time, all hosts together
   * @param connectionsPerHost requests to one host at one time
   */
  public record Limits(
      int depth,
      long pages,
      long bytes,
      @Nullable Duration duration,
      Duration delay,
      int concurrency,
      int connectionsPerHost) {}

  /**
   * When a crawl is run again.
   *
   * @param interval between the end of one run and the next
   * @param adaptive whether pages that seldom change are looked at less often
   */
  public record Recrawl(Duration interval, boolean adaptive) {}

  public CrawlSpecification {
    seeds = List.copyOf(seeds);
    sitemaps = List.copyOf(sitemaps);
    priorities = List.copyOf(priorities);
  }

  /** The same at another pace. */
  public CrawlSpecification with(Limits others) {
    return new CrawlSpecification(
        namespace,
        seeds,
        sitemaps,
        robotsSitemaps,
        scope,
        priorities,
        others,
        userAgent,
        foldDuplicates,
        recrawl,
        warc,
        replay);
  }
}
