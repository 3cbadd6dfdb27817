package io.mosaicdb.crawler;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the service, alone or as one of several in a process. */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class CrawlerApplication {
  /** The service, not yet started, configured by {@code crawler-service.yml}. */
  public static SpringApplicationBuilder app() {
    return new SpringApplicationBuilder(CrawlerApplication.class)
        .properties("spring.config.name=crawler-service");
  }

  public static void main(String[] arguments) {
    app().run(arguments);
  }
}
