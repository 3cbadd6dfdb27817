package io.mosaicdb.embedding;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the service, alone or as one of several in a process. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class EmbeddingServiceApplication {

  /** The service, not yet started, with its own configuration file. */
  public static SpringApplicationBuilder app() {
    return new SpringApplicationBuilder(EmbeddingServiceApplication.class)
        .properties("spring.config.name=embedding-service");
  }

  static void main(String[] args) {
    app().run(args);
  }
}
