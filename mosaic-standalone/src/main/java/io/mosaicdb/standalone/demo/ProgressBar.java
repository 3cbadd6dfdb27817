package io.mosaicdb.standalone.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * How far a job of known size is: one line that is drawn over on a terminal, and a line every tenth
 * where the output goes to a file. Safe for use by several threads.
 */
final class ProgressBar {
  private static final int WIDTH = 32;
  private static final int TENTHS = 10;

  private final PrintStream out;
  private final boolean terminal;
  private final String unit;
  private final int total;
  private final long startedNanos;
  private int done;
  private int printedTenths;

  ProgressBar(PrintStream out, boolean terminal, String unit, int total, long nowNanos) {
    if (total <= 0) {
      throw new IllegalArgumentException("total must be > 0, got " + total);
    }
    this.out = out;
    this.terminal = terminal;
    this.unit = unit;
    this.total = total;
    this.startedNanos = nowNanos;
  }

  synchronized void advance(int more, long nowNanos) {
    done = Math.min(total, done + more);
    int tenths = done * TENTHS / total;
    if (terminal) {
      out.print("\r" + line(nowNanos) + (done == total ? "\n" : ""));
      out.flush();
    } else if (tenths > printedTenths) {
      out.println(line(nowNanos));
    }
    printedTenths = tenths;
  }

  private String line(long nowNanos) {
    double seconds = (nowNanos - startedNanos) / 1e9;
    double rate = seconds > 0 ? done / seconds : 0;
    int filled = done * WIDTH / total;
    String remaining =
        done == total || rate == 0
            ? "in " + inWords(Duration.ofMillis(Math.round(seconds * 1000)))
            : inWords(Duration.ofSeconds(Math.round((total - done) / rate))) + " left";
    return String.format(
        Locale.ROOT,
        "  %s%s  %,d of %,d %s  %.0f/s  %-12s",
        "█".repeat(filled),
        "░".repeat(WIDTH - filled),
        done,
        total,
        unit,
        rate,
        remaining);
  }

  private static String inWords(Duration duration) {
    return duration.toMinutes() > 0
        ? duration.toMinutes() + " min " + duration.toSecondsPart() + " s"
        : duration.toSeconds() + " s";
  }
}
