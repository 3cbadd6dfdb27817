package io.mosaicdb.benchmarks.gate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * Where benchmarks leave the figures that {@link Gate} compares: how many times faster than a peer
 * in the same run, or than the same work done another way. Times themselves say more of the machine
 * than of the code.
 */
public final class Figures {
  private static final String FILE = System.getProperty("bench.figures", "");

  private Figures() {}

  /** Nothing is kept unless the system property {@code bench.figures} names a file. */
  public static void record(String name, double timesFaster) {
    if (FILE.isEmpty()) {
      return;
    }
    try {
      Files.writeString(
          Path.of(FILE),
          String.format(Locale.ROOT, "%s=%.4f%n", name, timesFaster),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
