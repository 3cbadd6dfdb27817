package io.mosaicdb.standalone.demo;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The standalone that the demo searches: the one that already answers, else a process of its own
 * that ends with the demo. Its log goes to a file, so that it does not run into the demo's lines.
 */
final class DemoServer implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(100);

  private final URI address;
  private final @Nullable Process process;
  private final Path log;

  private DemoServer(URI address, @Nullable Process process, Path log) {
    this.address = address;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a standalone on the port and data folder, or joins the one that answers there.
   *
   * @param mainClass the standalone's entry point, on the class path of this process
   */
  static DemoServer startOrJoin(DemoClient client, String mainClass, int port, Path data)
      throws IOException, InterruptedException {
    URI address = URI.create("http://127.0.0.1:" + port + "/");
    Path log = data.resolve("demo.log");
    if (client.isReady()) {
      return new DemoServer(address, null, log);
    }
    Files.createDirectories(data);
    var builder =
        new ProcessBuilder(command(mainClass))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("MOSAIC_PORT", Integer.toString(port));
    builder.environment().put("MOSAIC_DATA", data.toString());
    return new DemoServer(address, builder.start(), log);
  }

  private static List<String> command(String mainClass) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass);
    return command;
  }

  URI address() {
    return address;
  }

  boolean joined() {
    return process == null;
  }

  /** Waits until the server is ready; it is an error when it ends or takes too long. */
  void awaitReady(DemoClient client) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!client.isReady()) {
      if (process != null && !process.isAlive()) {
        throw new IOException(
            "the standalone ended with " + process.exitValue() + "; its log is " + log);
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "the standalone is not ready after %d s; its log is %s"
                .formatted(START_LIMIT.toSeconds(), log));
      }
      Thread.sleep(POLL);
    }
  }

  /** Waits for the server to end; one that was joined goes on without the demo. */
  void awaitEnd() throws InterruptedException {
    if (process != null) {
      process.waitFor();
    }
  }

  @Override
  public void close() {
    if (process == null) {
      return;
    }
    process.destroy();
    try {
      if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
