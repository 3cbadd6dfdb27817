package io.mosaicdb.crawler.page;

import io.mosaicdb.crawler.fetch.ResponseHeaders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs the encoding cases of html5lib-tests: {@code EncodingCases <html5lib-tests folder>}. Prints
 * passed and total, each failure, and each case left out with its reason; ends with status 1 where
 * one fails.
 */
final class EncodingCases {
  private static final Map<String, String> LEFT_OUT =
      Map.of("scripted", "the encoding is written by a script, and no script is run");

  private EncodingCases() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]).resolve("encoding");
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.filter(Files::isRegularFile).sorted().toList();
    }
    int passed = 0;
    int total = 0;
    int leftOut = 0;
    for (Path file : files) {
      String reason = LEFT_OUT.get(String.valueOf(folder.relativize(file).getName(0)));
      List<Case> cases = file.toString().endsWith(".dat") ? cases(file) : List.of(detection(file));
      for (Case next : cases) {
        if (reason != null) {
          leftOut++;
          System.out.printf("left out: %s line %d: %s%n", file.getFileName(), next.line, reason);
          continue;
        }
        total++;
        String decided =
            EncodingSniffer.decide(ResponseHeaders.NONE, next.body, true).encoding().name();
        String expected = Encoding.find(next.label).map(Encoding::name).orElse(next.label);
        if (decided.equals(expected)) {
          passed++;
        } else {
          System.out.printf(
              "failed: %s line %d: expected %s, got %s%n",
              file.getFileName(), next.line, expected, decided);
        }
      }
    }
    System.out.printf("encodings: %d of %d passed, %d left out%n", passed, total, leftOut);
    if (passed < total) {
      System.exit(1);
    }
  }

  private record Case(int line, byte[] body, String label) {}

  /** A file whose name ends with its encoding, to be told by its bytes alone. */
  private static Case detection(Path file) throws IOException {
    String name = file.getFileName().toString();
    return new Case(
        1, Files.readAllBytes(file), name.substring(name.indexOf('_') + 1, name.indexOf('.')));
  }

  private static List<Case> cases(Path file) throws IOException {
    List<Case> cases = new ArrayList<>();
    String all = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    int line = 1;
    for (String part : all.split("(?<=^|\n)#data\n", -1)) {
      int marker = part.indexOf("\n#encoding\n");
      if (marker >= 0) {
        String label = part.substring(marker + 11).split("\n", 2)[0];
        cases.add(
            new Case(line, part.substring(0, marker).getBytes(StandardCharsets.ISO_8859_1), label));
      }
      line += (int) part.chars().filter(c -> c == '\n').count() + 1;
    }
    return cases;
  }
}
