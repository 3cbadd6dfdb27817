package io.mosaicdb.pagerank;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Starts the service, alone or as one of several in a process. */
@SpringBootApplication(proxyBeanMethods = false)
public class PageRankApplication {
  /** The service, not yet started, configured by {@code pagerank-service.yml}. */
  public static SpringApplicationBuilder app() {
    return new SpringApplicationBuilder(PageRankApplication.class)
        .properties("spring.config.name=pagerank-service");
  }

  public static void main(String[] arguments) {
    app().run(arguments);
  }
}
