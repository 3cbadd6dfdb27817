package io.mosaicdb.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * What concerns the process as a whole, read like any Spring configuration: arguments, system
 * properties, environment (MOSAIC_PORT, MOSAIC_DATA), {@code mosaic.yml} and its profiles.
 *
 * @param port where the gateway listens; 0 for any free port
 * @param dataFolder absolute; everything that lasts is in it
 * @param exitWhenReady whether to end right after the start, to train an AOT cache
 */
record StandaloneSettings(int port, Path dataFolder, boolean exitWhenReady) {
  private static final List<String> FOLDERS =
      List.of("shards", "coordinator", "routing", "cache", "crawler", "pagerank");

  static StandaloneSettings read(String... arguments) {
    var environment = new StandardEnvironment();
    var sources = environment.getPropertySources();
    sources.addFirst(new SimpleCommandLinePropertySource(arguments));
    sources.addLast(new MapPropertySource("name", Map.of("spring.config.name", "mosaic")));
    ConfigDataEnvironmentPostProcessor.applyTo(environment);
    return new StandaloneSettings(
        port(environment.getProperty("mosaic.port", "7700")),
        Path.of(environment.getProperty("mosaic.data", "data")).toAbsolutePath().normalize(),
        environment.getProperty("mosaic.exit-when-ready", "false").equals("true"));
  }

  private static int port(String value) {
    try {
      int port = Integer.parseInt(value.strip());
      if (port >= 0 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number out of range.
    }
    throw new StartFailedException(
        "mosaic.port (MOSAIC_PORT) must be a number from 0 to 65535, got '" + value + "'.");
  }

  Path folder(String name) {
    return dataFolder.resolve(name);
  }

  /** Says at once that the port is taken, which the gateway would say only when it starts, last. */
  void requireFreePort() {
    try (var probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new StartFailedException(
          "port %d is not free (%s). Stop what listens there, or choose another with mosaic.port (MOSAIC_PORT)."
              .formatted(port, e.getMessage()),
          e);
    }
  }

  /** Makes the data folder and what belongs in it; says clearly when that is not possible. */
  void createFolders() {
    for (var name : FOLDERS) {
      var folder = folder(name);
      try {
        Files.createDirectories(folder);
        Files.delete(Files.createTempFile(folder, "write", ".probe"));
      } catch (IOException e) {
        throw new StartFailedException(
            "the data folder %s cannot be written (%s: %s). Make it writable, or choose another with mosaic.data (MOSAIC_DATA)."
                .formatted(folder, e.getClass().getSimpleName(), e.getMessage()),
            e);
      }
    }
  }
}
