package io.mosaicdb.starter.problem;

import org.apache.catalina.core.StandardHost;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.json.JsonMapper;

/** Makes problem+json the only form of an error. */
@AutoConfiguration(after = JacksonAutoConfiguration.class, before = ErrorMvcAutoConfiguration.class)
class ProblemAutoConfiguration {
  @Bean
  ProblemWriter problemWriter(JsonMapper mapper) {
    return new ProblemWriter(mapper);
  }

  @Bean
  ProblemExceptionResolver problemExceptionResolver(ProblemWriter writer) {
    return new ProblemExceptionResolver(writer);
  }

  @Bean
  ProblemErrorController problemErrorController(ProblemWriter writer) {
    return new ProblemErrorController(writer);
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcatAnswersAndPaths(
      ProblemWriter writer) {
    return factory -> {
      // An id may contain a slash: its %2F must reach the handler as part of one path segment.
      factory.addConnectorCustomizers(connector ->
          connector.setEncodedSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue()));
      factory.addContextCustomizers(context -> {
        if (context.getParent() instanceof StandardHost host) {
          host.getPipeline().addValve(new ProblemErrorValve(writer));
        }
      });
    };
  }
}
