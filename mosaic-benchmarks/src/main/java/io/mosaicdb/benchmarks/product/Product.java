package io.mosaicdb.benchmarks.product;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * The standalone in a process of its own, as {@code make run} starts it, on a port of its own. Its
 * output goes to a file beside its data folder.
 */
public final class Product implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private final Process process;
  private final URI address;

  private Product(Process process, URI address) {
    this.process = process;
    this.address = address;
  }

  /**
   * Starts the product on a data folder, empty or not, and waits until it is ready.
   *
   * @param home the folder that holds {@code bin/mosaic}
   * @throws IOException if it cannot be started or is not ready within two minutes
   */
  public static Product start(Path home, Path data) throws IOException, InterruptedException {
    Files.createDirectories(data);
    var output = data.resolveSibling(data.getFileName() + ".log");
    int port = freePort();
    var builder =
        new ProcessBuilder(home.resolve("bin/mosaic").toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("MOSAIC_PORT", Integer.toString(port));
    builder.environment().put("MOSAIC_DATA", data.toString());
    var process = builder.start();
    var product = new Product(process, URI.create("http://127.0.0.1:" + port));
    // Also when the benchmark is interrupted.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    var client = new ProductClient(product.address);
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!client.ready()) {
      if (process.waitFor(200, TimeUnit.MILLISECONDS) || System.nanoTime() > until) {
        process.destroy();
        throw new IOException("MosaicDB did not start; its output is in " + output);
      }
    }
    return product;
  }

  /** Where its public interface listens. */
  public URI address() {
    return address;
  }

  /** The most memory it has had resident; empty where the system does not tell. */
  public OptionalLong peakResidentBytes() throws IOException {
    var status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.exists(status)) {
      return OptionalLong.empty();
    }
    for (var line : Files.readAllLines(status)) {
      if (line.startsWith("VmHWM:")) {
        return OptionalLong.of(1024 * Long.parseLong(line.replaceAll("[^0-9]", "")));
      }
    }
    return OptionalLong.empty();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("MosaicDB did not stop within a minute and was killed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
