package io.mosaicdb.storage.log;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;

/**
 * A process of its own that appends without end and prints {@code ack <seq> <payload>} for every
 * commit it was told is durable, until it is killed or the log stops ({@code stopped <reason>}).
 *
 * <p>Arguments: log folder, a name that makes payloads unique, threads, bytes of filling, bytes
 * after which a file is rotated.
 */
final class LogCrashProcess {
  private LogCrashProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    var folder = Path.of(arguments[0]);
    var name = arguments[1];
    int threads = Integer.parseInt(arguments[2]);
    var filling = "x".repeat(Integer.parseInt(arguments[3]));
    var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    var settings = LogSettings.defaults().withRotateBytes(Long.parseLong(arguments[4]));
    try (var log = LocalCommitLog.open(folder, settings, LogPosition.START, entries -> {})) {
      var running = new Thread[threads];
      for (int t = 0; t < threads; t++) {
        var prefix = name + "-" + t + "-";
        running[t] = Thread.ofPlatform().start(() -> appendUntilStopped(log, prefix, filling, out));
      }
      for (var thread : running) {
        thread.join();
      }
    }
  }

  private static void appendUntilStopped(
      CommitLog log, String prefix, String filling, PrintStream out) {
    for (int i = 0; ; i++) {
      var key = prefix + i;
      var payload = (key + " " + filling).getBytes(StandardCharsets.UTF_8);
      try {
        var commit = log.append(Append.of(payload, key)).durable().join();
        synchronized (out) {
          out.println("ack " + commit.commitSeq() + " " + key);
          out.flush();
        }
      } catch (CompletionException e) {
        synchronized (out) {
          out.println("stopped " + e.getCause());
          out.flush();
        }
        return;
      }
    }
  }
}
