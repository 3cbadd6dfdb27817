package io.mosaicdb.coordinator;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The coordinator as a program of its own, and as a part of the standalone. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class CoordinatorApplication {
  /** The application, configured by {@code coordinator-service.yml}. */
  public static SpringApplicationBuilder app() {
    return new SpringApplicationBuilder(CoordinatorApplication.class)
        .properties("spring.config.name=coordinator-service");
  }

  public static void main(String[] arguments) {
    app().run(arguments);
  }
}
