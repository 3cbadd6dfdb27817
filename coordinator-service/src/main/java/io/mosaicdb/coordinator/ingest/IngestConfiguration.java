package io.mosaicdb.coordinator.ingest;

import io.mosaicdb.coordinator.embedding.Embedder;
import io.mosaicdb.coordinator.fanout.FanOut;
import io.mosaicdb.coordinator.namespace.NamespaceCatalog;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.starter.problem.ProblemWriter;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class IngestConfiguration {
  @Bean
  DocumentWriter documentWriter(
      NamespaceCatalog catalog,
      WorkerTopology topology,
      Embedder embedder,
      FanOut fanOut,
      IngestProperties limits) {
    return new DocumentWriter(catalog, topology, embedder, fanOut, limits);
  }

  @Bean
  DocumentReader documentReader(NamespaceCatalog catalog, WorkerTopology topology) {
    return new DocumentReader(catalog, topology);
  }

  @Bean
  DocumentChanges documentChanges(
      NamespaceCatalog catalog,
      WorkerTopology topology,
      DocumentReader reader,
      DocumentWriter writer) {
    return new DocumentChanges(catalog, topology, reader, writer);
  }

  @Bean
  WritesOfARequest writesOfARequest(IngestProperties limits) {
    return new WritesOfARequest(limits);
  }

  @Bean
  IndexTask indexTask(
      WritesOfARequest writes,
      DocumentWriter writer,
      DocumentChanges changes,
      IngestProperties limits) {
    return new IndexTask(writes, writer, changes, limits);
  }

  @Bean
  RequestSizeFilter requestSizeFilter(BodyLimits limits, ProblemWriter problems) {
    return new RequestSizeFilter(limits, problems);
  }

  /** Ids may hold slashes and backslashes, which Tomcat otherwise refuses in their encoded form. */
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> idsWithSlashes() {
    return factory ->
        factory.addConnectorCustomizers(connector -> {
          connector.setEncodedSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
          connector.setEncodedReverseSolidusHandling(
              EncodedSolidusHandling.PASS_THROUGH.getValue());
        });
  }
}
