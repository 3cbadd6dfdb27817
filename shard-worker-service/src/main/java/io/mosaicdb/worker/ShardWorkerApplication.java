package io.mosaicdb.worker;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts a shard worker. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class ShardWorkerApplication {
  public static void main(String[] args) {
    app().run(args);
  }

  /**
   * The application with its own configuration name, so that several services can live in one
   * process.
   */
  public static SpringApplicationBuilder app() {
    return new SpringApplicationBuilder(ShardWorkerApplication.class)
        .properties("spring.config.name=shard-worker-service");
  }
}
