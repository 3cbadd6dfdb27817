package io.mosaicdb.benchmarks.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares the figures of several runs with those that were kept, and fails where the median of one
 * is worse by more than {@value #TOLERANCE}.
 */
public final class Gate {
  static final double TOLERANCE = .2;

  private Gate() {}

  /** Arguments: the figures of the runs, the kept figures; {@code --keep} replaces these. */
  public static void main(String[] arguments) throws IOException {
    var measured = medians(Files.readAllLines(Path.of(arguments[0])));
    var kept = Path.of(arguments[1]);
    if (arguments.length > 2 && arguments[2].equals("--keep")) {
      var lines = new ArrayList<String>();
      lines.add(
          "# How many times faster than the peer in the same run; make gate KEEP=1 writes it.");
      measured.forEach(
          (name, value) -> lines.add(String.format(Locale.ROOT, "%s=%.2f", name, value)));
      Files.write(kept, lines);
      System.out.println(measured.size() + " figures kept in " + kept);
      return;
    }
    System.exit(compare(measured, medians(Files.readAllLines(kept))) ? 0 : 1);
  }

  /** Prints a row for each figure; whether none is too much worse, and none is missing. */
  static boolean compare(Map<String, Double> measured, Map<String, Double> kept) {
    boolean good = true;
    System.out.printf(
        "%n%-44s %9s %9s %9s%n", "times faster than the peer", "kept", "now", "now/kept");
    for (var entry : kept.entrySet()) {
      double now = measured.getOrDefault(entry.getKey(), 0.0);
      boolean slower = now < (1 - TOLERANCE) * entry.getValue();
      good &= !slower;
      System.out.printf(
          Locale.ROOT,
          "%-44s %9.2f %9.2f %8.0f%%%s%n",
          entry.getKey(),
          entry.getValue(),
          now,
          100 * now / entry.getValue(),
          slower ? "   SLOWER" : "");
    }
    System.out.println(
        good
            ? "No figure is worse by more than %.0f %%.".formatted(100 * TOLERANCE)
            : "Slower by more than %.0f %%.".formatted(100 * TOLERANCE));
    return good;
  }

  private static Map<String, Double> medians(List<String> lines) {
    var values = new TreeMap<String, List<Double>>();
    for (var line : lines) {
      int equals = line.indexOf('=');
      if (equals > 0 && !line.startsWith("#")) {
        values
            .computeIfAbsent(line.substring(0, equals), _ -> new ArrayList<>())
            .add(Double.parseDouble(line.substring(equals + 1)));
      }
    }
    var medians = new TreeMap<String, Double>();
    values.forEach(
        (name, all) -> medians.put(name, all.stream().sorted().toList().get(all.size() / 2)));
    return medians;
  }
}
