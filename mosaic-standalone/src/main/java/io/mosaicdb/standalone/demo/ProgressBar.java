package io.mosaicdb.standalone.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * How far a job is whose size may still grow: one line that is drawn over on a terminal, and a line
 * every tenth where the output goes to a file.
 */
final class ProgressBar {
  private static final int WIDTH = 32;
  private static final int TENTHS = 10;

  private final PrintStream out;
  private final boolean terminal;
  private final String unit;
  private final long startedNanos;
  private int printedTenths = -1;
  private boolean drawn;
  private long before = -1;

  ProgressBar(PrintStream out, boolean terminal, String unit, long nowNanos) {
    this.out = out;
    this.terminal = terminal;
    this.unit = unit;
    this.startedNanos = nowNanos;
  }

  /**
   * @param total known so far
   * @param ended whether no more will be done
   */
  void at(long done, long total, boolean ended, long nowNanos) {
    if (before < 0) {
      // What was done by an earlier start says nothing about the pace of this one.
      before = done;
    }
    int tenths = total == 0 ? 0 : (int) (Math.min(done, total) * TENTHS / total);
    if (terminal) {
      out.print("\r" + line(done, total, ended, nowNanos));
      out.flush();
      drawn = true;
    } else if (tenths > printedTenths || ended) {
      out.println(line(done, total, ended, nowNanos));
    }
    printedTenths = Math.max(printedTenths, tenths);
    if (ended) {
      leave();
    }
  }

  /** Goes on below the line that was drawn, if one was. */
  void leave() {
    if (drawn) {
      out.println();
      drawn = false;
    }
  }

  private String line(long done, long total, boolean ended, long nowNanos) {
    double seconds = (nowNanos - startedNanos) / 1e9;
    double rate = seconds > 0 ? (done - before) / seconds : 0;
    int filled = total == 0 ? 0 : (int) (Math.min(done, total) * WIDTH / total);
    String remaining =
        ended || rate == 0 || done >= total
            ? (ended ? "in " : "after ") + inWords(Duration.ofMillis(Math.round(seconds * 1000)))
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
