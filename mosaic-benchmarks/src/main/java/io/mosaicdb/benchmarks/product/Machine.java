package io.mosaicdb.benchmarks.product;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What the figures were measured on. */
public final class Machine {
  private Machine() {}

  /** Processors, JDK and system in one line. */
  public static String describe() throws IOException {
    return String.format(
        Locale.ROOT,
        "%d processors (%s), JDK %s, %s %s",
        Runtime.getRuntime().availableProcessors(),
        processor(),
        Runtime.version(),
        System.getProperty("os.name"),
        System.getProperty("os.arch"));
  }

  private static String processor() throws IOException {
    var information = Path.of("/proc/cpuinfo");
    if (Files.exists(information)) {
      for (var line : Files.readAllLines(information)) {
        if (line.startsWith("model name")) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    }
    return "unknown";
  }
}
