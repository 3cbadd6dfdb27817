package io.mosaicdb.stubs;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** A worker and an embedding service on one free port, speaking the contract. */
@Configuration
@EnableAutoConfiguration
@Import({FakeWorker.class, FakeEmbedder.class})
public class StubServices {
  /** What callers must carry. */
  public static final String SECRET = "a-secret-that-only-tests-know-0123456789";

  public static ServletWebServerApplicationContext start() {
    return (ServletWebServerApplicationContext)
        new SpringApplicationBuilder(StubServices.class)
            .properties(
                "spring.config.name=stub-services",
                "server.port=0",
                "mosaic.internal.secret=" + SECRET)
            .run();
  }
}
