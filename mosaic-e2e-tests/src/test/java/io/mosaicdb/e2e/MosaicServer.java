package io.mosaicdb.e2e;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A standalone in a JVM of its own. It never outlives the tests' JVM. */
final class MosaicServer implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final int SHOWN = 12_000;
  static final String MAIN = "io.mosaicdb.standalone.Standalone";
  private static final List<String> OPTIONS =
      List.of(
          "--add-modules",
          "jdk.incubator.vector",
          "--enable-native-access=ALL-UNNAMED",
          "-XX:+UseSerialGC",
          "-Xmx768m",
          "-XX:TieredStopAtLevel=1");

  private final Process process;
  private final Thread reaper;
  private final Path log;
  private final Api api;

  private MosaicServer(Process process, Path log, Api api) {
    this.process = process;
    this.log = log;
    this.api = api;
    this.reaper = new Thread(process::destroyForcibly, "end-mosaic");
    Runtime.getRuntime().addShutdownHook(reaper);
  }

  /**
   * Starts a server on a free port and waits until {@code GET /health} gives 200.
   *
   * @param settings such as {@code --mosaic.embedding.backend=openai}
   */
  static MosaicServer start(Path data, String... settings) {
    try {
      Files.createDirectories(data);
      var log = Files.createTempFile(data.toAbsolutePath().getParent(), "server-", ".log");
      int port = freePort();
      var command = new ArrayList<String>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(OPTIONS);
      command.addAll(ClassArchive.options(OPTIONS, classPath()));
      command.add(MAIN);
      command.add("--mosaic.port=" + port);
      command.add("--mosaic.data=" + data.toAbsolutePath());
      command.addAll(Arrays.asList(settings));
      var builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().put("CLASSPATH", classPath());
      var api = new Api(URI.create("http://127.0.0.1:" + port));
      var server = new MosaicServer(builder.start(), log, api);
      server.awaitReady();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The tests' own classes are no part of the product; main classes they have none. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.endsWith("test-classes") && !entry.endsWith("test-classes/"))
        .filter(entry -> Files.exists(Path.of(entry)))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitReady() {
    Await.until(
        "GET /health is 200",
        START_LIMIT,
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError(
                "the server ended at its start with " + process.exitValue() + ":\n" + log());
          }
          return api.answers("/health");
        });
  }

  /** What a server wrote, its folder included. */
  static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  Api api() {
    return api;
  }

  /** As {@code kill -9}: nothing is flushed, nothing is said. */
  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** As an operator stops it. */
  void stop() {
    process.destroy();
    awaitEnd();
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the server did not end within " + STOP_LIMIT + ":\n" + log());
      }
      Runtime.getRuntime().removeShutdownHook(reaper);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (IllegalStateException e) {
      // The tests' JVM is ending already; the hook does the rest.
    }
  }

  boolean runs() {
    return process.isAlive();
  }

  /** The end of what the server wrote. */
  String log() {
    try {
      var text = Files.readString(log, StandardCharsets.UTF_8);
      return text.length() <= SHOWN ? text : "…" + text.substring(text.length() - SHOWN);
    } catch (IOException e) {
      return "its log cannot be read: " + e;
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }
}
