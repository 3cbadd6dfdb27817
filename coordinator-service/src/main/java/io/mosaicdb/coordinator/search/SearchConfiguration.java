package io.mosaicdb.coordinator.search;

import io.micrometer.core.instrument.MeterRegistry;
import io.mosaicdb.coordinator.cache.CacheTier;
import io.mosaicdb.coordinator.cache.DiskTier;
import io.mosaicdb.coordinator.cache.MemoryTier;
import io.mosaicdb.coordinator.cache.TieredCache;
import io.mosaicdb.coordinator.cursor.CursorProperties;
import io.mosaicdb.coordinator.embedding.Embedder;
import io.mosaicdb.coordinator.fanout.FanOut;
import io.mosaicdb.coordinator.ingest.DocumentReader;
import io.mosaicdb.coordinator.namespace.NamespaceCatalog;
import io.mosaicdb.coordinator.naming.AliasTable;
import io.mosaicdb.coordinator.rerank.SecondPhaseReranker;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.starter.health.HealthSource;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class SearchConfiguration {
  @Bean
  Searcher searcher(
      NamespaceCatalog catalog,
      WorkerTopology topology,
      Embedder embedder,
      FanOut fanOut,
      SearchProperties limits,
      CursorProperties cursors,
      SecondPhaseReranker secondPhase,
      ObjectProvider<AnswerCache> cache,
      MeterRegistry registry) {
    return new Searcher(
        catalog,
        topology,
        embedder,
        fanOut,
        limits,
        cursors,
        secondPhase,
        InstantSource.system(),
        cache.getIfAvailable(),
        new SearchMeters(registry));
  }

  @Bean
  MultiSearch multiSearch(
      Searcher searcher,
      AliasTable aliases,
      FanOut fanOut,
      JsonMapper mapper,
      SearchProperties limits) {
    return new MultiSearch(searcher, aliases, fanOut, mapper, limits);
  }

  @Bean
  @ConditionalOnBooleanProperty(name = "mosaic.coordinator.cache.enabled", matchIfMissing = true)
  TieredCache<KeptAnswer> keptAnswers(
      CacheProperties properties, JsonMapper mapper, MeterRegistry meters) {
    var clock = Clock.systemUTC();
    var tiers = new ArrayList<CacheTier<KeptAnswer>>();
    tiers.add(new MemoryTier<>(properties.memory().toBytes(), KeptAnswer::weight, clock));
    if (properties.disk().toBytes() > 0) {
      tiers.add(
          new DiskTier<>(
              properties.folder().resolve("results.db"),
              properties.disk().toBytes(),
              KeptAnswer.codec(mapper),
              clock));
    }
    return new TieredCache<>("search", tiers, properties.ttl(), properties.hotTtl(), meters, clock);
  }

  @Bean
  @ConditionalOnBooleanProperty(name = "mosaic.coordinator.cache.enabled", matchIfMissing = true)
  AnswerCache answerCache(
      TieredCache<KeptAnswer> kept,
      WorkerTopology topology,
      FanOut fanOut,
      JsonMapper mapper,
      MeterRegistry meters) {
    return new AnswerCache(kept, topology, fanOut, mapper, meters);
  }

  @Bean
  HealthSource cacheHealth(ObjectProvider<AnswerCache> cache) {
    return new CacheHealth(cache.getIfAvailable());
  }

  @Bean
  Suggester suggester(
      NamespaceCatalog catalog, WorkerTopology topology, FanOut fanOut, SearchProperties limits) {
    return new Suggester(catalog, topology, fanOut, limits);
  }

  @Bean
  SimilarDocuments similarDocuments(
      Searcher searcher, DocumentReader reader, NamespaceCatalog catalog) {
    return new SimilarDocuments(searcher, reader, catalog);
  }
}
