package io.mosaicdb.crawler;

import io.micrometer.core.instrument.MeterRegistry;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.crawler.crawl.ArchivingRobots;
import io.mosaicdb.crawler.crawl.ArchivingWeb;
import io.mosaicdb.crawler.crawl.CountedWeb;
import io.mosaicdb.crawler.crawl.CrawlSettings;
import io.mosaicdb.crawler.crawl.CrawlSpecification;
import io.mosaicdb.crawler.crawl.Crawls;
import io.mosaicdb.crawler.crawl.LiveWeb;
import io.mosaicdb.crawler.crawl.ReplayWeb;
import io.mosaicdb.crawler.crawl.Web;
import io.mosaicdb.crawler.document.DocumentReader;
import io.mosaicdb.crawler.frontier.Frontier;
import io.mosaicdb.crawler.index.CoordinatorApi;
import io.mosaicdb.crawler.index.IndexSettings;
import io.mosaicdb.crawler.robots.Robots;
import io.mosaicdb.crawler.warc.WarcArchive;
import io.mosaicdb.crawler.warc.WarcReplay;
import io.mosaicdb.crawler.warc.WarcSettings;
import io.mosaicdb.starter.client.ServiceClients;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the crawler together. */
@Configuration(proxyBeanMethods = false)
class CrawlerConfiguration {
  /** Long pages of a whole batch may have to be embedded before the answer begins. */
  private static final Duration LONGEST_WRITE = Duration.ofMinutes(5);

  @Bean(destroyMethod = "close")
  Frontier frontier(CrawlerProperties properties) {
    return Frontier.open(properties.folder().resolve("frontier.db"));
  }

  @Bean
  CoordinatorApi coordinator(ServiceClients clients) {
    return clients
        .client(CoordinatorApi.class, ErrorCode.SERVICE_UNAVAILABLE)
        .readTimeout(LONGEST_WRITE)
        .balanced("coordinator-service");
  }

  /** The reader of documents, where one is wanted. */
  record Documents(@Nullable DocumentReader reader) implements AutoCloseable {
    @Override
    public void close() {
      if (reader != null) {
        reader.close();
      }
    }
  }

  @Bean(destroyMethod = "close")
  Documents documents(CrawlerProperties properties) {
    return new Documents(properties.documents().open());
  }

  @Bean(destroyMethod = "")
  Crawls crawls(
      Frontier frontier,
      CoordinatorApi coordinator,
      CrawlerProperties properties,
      Documents documents,
      MeterRegistry registry) {
    properties.require();
    var clock = Clock.systemUTC();
    var meters = new CountedWeb.Meters(registry);
    return new Crawls(
        frontier,
        new CrawlSettings(
            properties.tries(),
            properties.redirects(),
            properties.hostFailures(),
            properties.firstBackOff(),
            properties.longestBackOff(),
            properties.longestRetryAfter(),
            properties.longestCrawlDelay()),
        IndexSettings.standard(),
        (id, specification, turn) ->
            new CountedWeb(
                web(id, specification, turn, frontier, properties, documents.reader(), clock),
                meters),
        coordinator,
        clock);
  }

  private static Web web(
      String id,
      CrawlSpecification crawl,
      Robots.Turn turn,
      Frontier frontier,
      CrawlerProperties properties,
      @Nullable DocumentReader documents,
      Clock clock) {
    var archives = properties.folder().resolve("warc");
    try {
      var fetching = properties.fetching(crawl.userAgent(), crawl.limits().connectionsPerHost());
      if (crawl.replay() != null) {
        return new ReplayWeb(
            WarcReplay.open(archives.resolve(crawl.replay())),
            LiveWeb.productToken(fetching.userAgent()),
            documents);
      }
      var robots = frontier.robots(LiveWeb.productToken(fetching.userAgent()));
      if (!crawl.warc()) {
        return new LiveWeb(fetching, turn, clock, robots, documents);
      }
      var settings =
          new WarcSettings(
              "mosaicdb", WarcSettings.USUAL_FILE_SIZE, properties.product(), fetching.userAgent());
      var agent = fetching.userAgent();
      var archive = new WarcArchive(archives.resolve(id), settings, clock);
      var archived = new ArchivingRobots(robots, archive, agent, clock);
      return new ArchivingWeb(
          new LiveWeb(fetching, turn, clock, archived, documents), archive, agent, clock);
    } catch (IOException e) {
      throw new MosaicException(
          ErrorCode.INVALID_VALUE,
          "the archive of crawl '%s' cannot be opened: %s"
              .formatted(crawl.replay() == null ? id : crawl.replay(), e.getMessage()),
          e);
    }
  }

  /** Crawls go on once everything is there that they use, and stop before it goes. */
  @Bean
  SmartLifecycle crawlLifecycle(Crawls crawls) {
    return new SmartLifecycle() {
      private volatile boolean running;

      @Override
      public void start() {
        crawls.start();
        running = true;
      }

      @Override
      public void stop() {
        running = false;
        crawls.close();
      }

      @Override
      public int getPhase() {
        return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1;
      }

      @Override
      public boolean isRunning() {
        return running;
      }
    };
  }
}
