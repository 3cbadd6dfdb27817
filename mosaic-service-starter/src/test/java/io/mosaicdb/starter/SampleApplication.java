package io.mosaicdb.starter;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.FieldError;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.health.ComponentHealth;
import io.mosaicdb.starter.client.LocalServices;
import io.mosaicdb.starter.health.HealthSource;
import io.mosaicdb.starter.request.RequestId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.PostExchange;

/** A service with nothing but the starter, one public and one internal address. */
@SpringBootConfiguration
@EnableAutoConfiguration
public class SampleApplication {
  static final String SECRET = "a-secret-of-enough-letters";

  /** Opened when nobody waits any more for the slow answer. */
  static final CountDownLatch LATE = new CountDownLatch(1);

  static ConfigurableApplicationContext start(String... arguments) {
    return new SpringApplicationBuilder(SampleApplication.class)
        .properties("server.port=0", "mosaic.internal.secret=" + SECRET)
        .run(arguments);
  }

  /** The same in a process that runs other services as well. */
  static ConfigurableApplicationContext startBeside(LocalServices local) {
    return new SpringApplicationBuilder(SampleApplication.class)
        .properties("server.port=0", "mosaic.internal.secret=" + SECRET)
        .initializers(context -> context.getBeanFactory().registerSingleton("localServices", local))
        .run();
  }

  static URI uriOf(ConfigurableApplicationContext context) {
    var port = context.getEnvironment().getRequiredProperty("local.server.port");
    return URI.create("http://127.0.0.1:" + port);
  }

  public enum Mode {
    HYBRID,
    WORDS_ONLY
  }

  public record Order(
      String itemName,
      int count,
      @Nullable Mode mode,
      float @Nullable [] vector,
      @Nullable Double weight,
      @Nullable Instant at,
      @Nullable List<Order> parts,
      @Nullable Object free) {
    public Order {
      if (count < 0) {
        throw new IllegalArgumentException("count must be >= 0, got " + count);
      }
    }
  }

  public interface SampleApi {
    @PostExchange("/internal/echo")
    Order echo(@RequestBody Order order);

    @GetExchange("/internal/fail/{code}")
    Order fail(@PathVariable String code);

    @GetExchange("/internal/request-id")
    Map<String, String> requestId();

    @GetExchange("/internal/slow")
    String slow();

    @GetExchange("/internal/breaks")
    String breaks();
  }

  @RestController
  static class Endpoints implements SampleApi {
    @PostMapping("/v1/orders")
    Order order(@RequestBody Order order) {
      return order;
    }

    @GetMapping("/v1/number")
    int number(@RequestParam int value) {
      return value;
    }

    @GetMapping("/v1/broken")
    String broken() {
      throw new IllegalStateException("a secret detail");
    }

    @GetMapping("/v1/unavailable")
    String unavailable() {
      throw new MosaicException(ErrorCode.EMBEDDER_UNAVAILABLE, "because");
    }

    @Override
    public Order echo(Order order) {
      return order;
    }

    @Override
    public Order fail(String code) {
      throw new MosaicException(
          ErrorCode.find(code).orElseThrow(),
          "because",
          List.of(new FieldError("/a/0", "is bad")),
          Duration.ofSeconds(7),
          null);
    }

    @Override
    public Map<String, String> requestId() {
      return Map.of("id", RequestId.current().orElse("none"));
    }

    @Override
    public String breaks() {
      throw new IllegalStateException("a secret detail");
    }

    @Override
    public String slow() {
      try {
        LATE.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return "late";
    }
  }

  @Bean
  HealthSource storageHealth() {
    return () -> Map.of("storage", ComponentHealth.degraded("one file is damaged"));
  }
}
