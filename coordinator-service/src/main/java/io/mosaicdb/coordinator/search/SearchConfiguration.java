package io.mosaicdb.coordinator.search;

import io.mosaicdb.coordinator.embedding.Embedder;
import io.mosaicdb.coordinator.fanout.FanOut;
import io.mosaicdb.coordinator.ingest.DocumentReader;
import io.mosaicdb.coordinator.namespace.NamespaceCatalog;
import io.mosaicdb.coordinator.rerank.SecondPhaseReranker;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import java.time.InstantSource;
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
      SecondPhaseReranker secondPhase) {
    return new Searcher(
        catalog, topology, embedder, fanOut, limits, secondPhase, InstantSource.system());
  }

  @Bean
  MultiSearch multiSearch(
      Searcher searcher, FanOut fanOut, JsonMapper mapper, SearchProperties limits) {
    return new MultiSearch(searcher, fanOut, mapper, limits);
  }

  @Bean
  SimilarDocuments similarDocuments(Searcher searcher, DocumentReader reader) {
    return new SimilarDocuments(searcher, reader);
  }
}
