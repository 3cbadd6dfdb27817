package io.mosaicdb.standalone;

import io.mosaicdb.starter.client.LocalServices;
import java.net.URI;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/**
 * The contexts of this process. They start one after another, since the logging system is one for
 * all and does not bear two starts at a time, and stop in the opposite order, so that nothing is
 * called after it has gone; each knows where those before it are.
 */
final class RunningServices implements AutoCloseable {
  private final Deque<ConfigurableApplicationContext> contexts = new ArrayDeque<>();
  private final Map<String, Object> addresses = new LinkedHashMap<>();
  private final LocalServices local = new LocalServices();
  private final String secret;
  private final String[] arguments;

  private RunningServices(String[] arguments) {
    var random = new byte[32];
    new SecureRandom().nextBytes(random);
    this.secret = HexFormat.of().formatHex(random);
    this.arguments = arguments.clone();
  }

  static RunningServices start(StandaloneSettings settings, String... arguments) {
    var services = new RunningServices(arguments);
    try {
      services.startInner(
          "embedding-service", "io.mosaicdb.embedding.EmbeddingServiceApplication", Map.of());
      services.startInner(
          "shard-worker-service",
          "io.mosaicdb.worker.ShardWorkerApplication",
          Map.of(
              "mosaic.worker.data-folder", settings.folder("shards").toString(),
              "mosaic.worker.backup.folder", settings.folder("backups").toString()));
      services.startInner(
          "pagerank-service",
          "io.mosaicdb.pagerank.PageRankApplication",
          Map.of("mosaic.pagerank.folder", settings.folder("pagerank").toString()));
      services.startInner(
          "coordinator-service",
          "io.mosaicdb.coordinator.CoordinatorApplication",
          Map.of(
              "mosaic.coordinator.tasks.folder",
              settings.folder("coordinator").toString(),
              "mosaic.coordinator.cache.folder",
              settings.folder("cache").toString(),
              "mosaic.coordinator.routing.folder",
              settings.folder("routing").toString()));
      services.startInner(
          "crawler-service",
          "io.mosaicdb.crawler.CrawlerApplication",
          Map.of("mosaic.crawler.folder", settings.folder("crawler").toString()));
      services.start(
          "gateway-service",
          "io.mosaicdb.gateway.GatewayApplication",
          Map.of("server.port", settings.port(), "mosaic.internal.scope", "internal-paths"));
      return services;
    } catch (RuntimeException e) {
      services.close();
      throw e;
    }
  }

  /** Where the gateway listens. */
  URI address() {
    return address(contexts.getFirst());
  }

  private void startInner(String service, String application, Map<String, Object> own) {
    var properties = new LinkedHashMap<>(own);
    properties.put("server.port", 0);
    properties.put("server.address", "127.0.0.1");
    properties.put("mosaic.internal.scope", "everything");
    var context = start(service, application, properties);
    addresses.put("mosaic.discovery.static." + service + "[0]", address(context).toString());
    local.add(address(context), context);
  }

  private ConfigurableApplicationContext start(
      String service, String application, Map<String, Object> own) {
    var properties = new LinkedHashMap<>(addresses);
    properties.put("mosaic.internal.secret", secret);
    properties.putAll(own);
    try {
      var context =
          application(service, application)
              .properties(
                  "spring.config.name=" + service + ",mosaic",
                  // What stops the start is said once, by the process.
                  "logging.level.org.springframework.boot.SpringApplication=off",
                  "logging.level.org.springframework.boot.diagnostics=off",
                  "logging.level.org.springframework.boot.web.server.servlet.context=error")
              .initializers(starting -> {
                starting
                    .getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource("standalone", properties));
                starting.getBeanFactory().registerSingleton("localServices", local);
              })
              .logStartupInfo(false)
              .registerShutdownHook(false)
              .run(arguments);
      contexts.addFirst(context);
      return context;
    } catch (RuntimeException e) {
      throw StartFailedException.of(service, e);
    }
  }

  /** The service's public static app(), found by name: a build may leave a service out. */
  private static SpringApplicationBuilder application(String service, String className) {
    try {
      return (SpringApplicationBuilder) Class.forName(className).getMethod("app").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new StartFailedException(service + " is not part of this build", e);
    }
  }

  private static URI address(ConfigurableApplicationContext context) {
    var port = context.getEnvironment().getRequiredProperty("local.server.port");
    var address = context.getEnvironment().getProperty("server.address", "127.0.0.1");
    return URI.create(
        "http://" + (address.equals("0.0.0.0") ? "127.0.0.1" : address) + ":" + port + "/");
  }

  /** Stops everything, the gateway first. */
  @Override
  public synchronized void close() {
    while (!contexts.isEmpty()) {
      contexts.removeFirst().close();
    }
  }
}
