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
  SimilarDocuments similarDocuments(Searcher searcher, DocumentReader reader) {
    return new SimilarDocuments(searcher, reader);
  }
}
