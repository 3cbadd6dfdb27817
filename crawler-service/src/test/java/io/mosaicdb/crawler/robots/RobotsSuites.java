package io.mosaicdb.crawler.robots;

import crawlercommons.robots.SimpleRobotRulesParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Holds our reading of robots.txt against Google's parser tests, and against crawler-commons' on
 * its own files: those come without expected answers, so every path that a file names is asked of
 * both.
 */
public final class RobotsSuites {
  private static final Pattern PATHS =
      Pattern.compile("(?im)^\\s*(?:dis)?allow\\s*:\\s*(/[^\\s#]*)");
  private static final Pattern AGENTS =
      Pattern.compile("(?im)^\\s*user-?agent\\s*:\\s*([^#\\r\\n]*)");

  private static final Pattern BROKEN = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  private int passed;
  private int failed;
  private int leftOut;

  private RobotsSuites() {}

  /** Argument: the folder that holds {@code google-robotstxt} and {@code crawler-commons}. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      throw new IllegalArgumentException("say where google-robotstxt and crawler-commons are");
    }
    var folder = Path.of(arguments[0]);
    var vectors =
        new ObjectMapper()
            .readTree(Files.readAllBytes(folder.resolve("google-robotstxt/vectors.json")));
    boolean good = new RobotsSuites().google(vectors);
    new RobotsSuites().files(folder.resolve("crawler-commons/robots"));
    if (!good) {
      System.exit(1);
    }
  }

  private boolean google(JsonNode vectors) {
    for (var vector : vectors.get("allowed")) {
      var agent = vector.get("user_agent").asString();
      var url = vector.get("url").asString();
      var robots = vector.get("robotstxt").asString().getBytes(StandardCharsets.UTF_8);
      boolean allowed = RobotsFile.read(robots, agent).allows(url);
      check(
          allowed == vector.get("allowed").asBoolean(),
          vector.get("test").asString() + " " + agent + " " + shortened(url));
    }
    report("google-robotstxt allowed");
    boolean good = failed == 0;
    for (var vector : vectors.get("path_of_url")) {
      var url = vector.get(0).asString();
      check(
          RobotsFile.path(url).equals(vector.get(1).asString()), url + ": " + RobotsFile.path(url));
    }
    report("google-robotstxt path of URL");
    for (var vector : vectors.get("valid_user_agent")) {
      var agent = vector.get(0).asString();
      check(RobotsFile.isToken(agent) == vector.get(1).asBoolean(), agent);
    }
    report("google-robotstxt names");
    return good;
  }

  private void files(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (var file : files.sorted().toList()) {
        compare(file);
      }
    }
    report("crawler-commons robots (questions)");
    System.out.println(
        "  left out "
            + leftOut
            + ": for a broken percent-encoding they drop the rule; to us it stands as written");
  }

  private void compare(Path file) throws IOException {
    var bytes = Files.readAllBytes(file);
    var text = text(bytes);
    var agents = new LinkedHashSet<>(List.of("mosaicbot"));
    var names = AGENTS.matcher(text);
    while (names.find() && agents.size() < 50) {
      for (var name : names.group(1).strip().split("[\\s/]")) {
        if (RobotsFile.isToken(name)) {
          agents.add(name.toLowerCase(Locale.ROOT));
        }
      }
    }
    var paths = new LinkedHashSet<>(Set.of("/", "/other"));
    var patterns = PATHS.matcher(text);
    while (patterns.find()) {
      var path = patterns.group(1).replace("$", "").replace("*", "x");
      paths.add(path);
      paths.add(path + "more");
    }
    for (var agent : agents) {
      var ours = RobotsFile.read(bytes, agent);
      var theirs =
          new SimpleRobotRulesParser(Long.MAX_VALUE, 0)
              .parseContent(
                  "http://www.example.org/robots.txt", bytes, "text/plain", List.of(agent));
      for (var path : paths) {
        if (BROKEN.matcher(path).find()) {
          leftOut++;
          continue;
        }
        var url = "http://www.example.org" + path;
        check(
            ours.allows(url) == theirs.isAllowed(url),
            "%s %s %s: we say %s"
                .formatted(file.getFileName(), agent, shortened(path), ours.allows(url)));
      }
    }
  }

  private static String text(byte[] bytes) {
    boolean wide = bytes.length > 1 && (bytes[0] & 0xff) >= 0xfe;
    return new String(bytes, wide ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8);
  }

  private void check(boolean good, String what) {
    if (good) {
      passed++;
    } else {
      failed++;
      System.out.println("  differs: " + what);
    }
  }

  private void report(String suite) {
    System.out.printf(Locale.ROOT, "%-40s %d/%d%n", suite, passed, passed + failed);
    passed = 0;
    failed = 0;
  }

  private static String shortened(String text) {
    return text.length() < 100 ? text : text.substring(0, 100) + "…";
  }
}
