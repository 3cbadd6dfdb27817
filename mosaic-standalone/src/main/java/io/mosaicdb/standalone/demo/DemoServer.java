package io.mosaicdb.standalone.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

  private final Path data;

  private DemoServer(URI address, @Nullable Process process, Path data) {
    this.address = address;
    this.process = process;
    this.data = data;
    this.log = logIn(data);
  }

  private static Path logIn(Path data) {
    return data.resolve("demo.log");
  }

  /**
   * Starts a standalone on the port and data folder, or joins the one that answers there.
   *
   * @param launcher the program that starts a standalone, such as bin/mosaic
   * @param settings of one that is started, as its arguments
   */
  static DemoServer startOrJoin(
      DemoClient client, Path launcher, int port, Path data, String... settings)
      throws IOException, InterruptedException {
    URI address = URI.create("http://127.0.0.1:" + port + "/");
    if (client.isReady()) {
      return new DemoServer(address, null, data);
    }
    Files.createDirectories(data);
    var command = new ArrayList<String>();
    command.add(launcher.toAbsolutePath().toString());
    command.addAll(List.of(settings));
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(logIn(data).toFile());
    builder.environment().put("MOSAIC_PORT", Integer.toString(port));
    builder.environment().put("MOSAIC_DATA", data.toString());
    return new DemoServer(address, builder.start(), data);
  }

  URI address() {
    return address;
  }

  boolean joined() {
    return process == null;
  }

  /**
   * A sealed shard of the namespace; none while there is none, or where the server is another's.
   */
  Optional<Path> findShard(String namespace) throws IOException {
    Path shards = data.resolve("shards").resolve(namespace).resolve("0/shards");
    if (joined() || !Files.isDirectory(shards)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(shards)) {
      return files.filter(file -> file.toString().endsWith(".db")).sorted().findFirst();
    }
  }

  /** Waits until the server is ready; it is an error when it ends or takes too long. */
  void awaitReady(DemoClient client) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!client.isReady()) {
      if (process != null && !process.isAlive()) {
        throw new IOException(lastWords());
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "the standalone is not ready after %d s; its log is %s"
                .formatted(START_LIMIT.toSeconds(), log));
      }
      Thread.sleep(POLL);
    }
  }

  /** Why the server ended by itself: the last line of its log. */
  private String lastWords() throws IOException {
    var lines = Files.readAllLines(log);
    return lines.isEmpty() ? "the server ended without a word" : lines.getLast();
  }

  /** Waits for the server to end; where one was joined, for the demo to be stopped. */
  void awaitEnd() throws InterruptedException {
    if (process == null) {
      new CountDownLatch(1).await();
    } else {
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
