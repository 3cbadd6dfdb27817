package io.mosaicdb.crawler.url;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Holds our URLs against the tests of the web platform, of ada, of crawler-commons and of the
 * public suffix list. Prints what differs, and for what is left out the reason.
 */
public final class UrlSuites {
  private final Map<String, Integer> leftOut = new TreeMap<>();
  private int passed;
  private int failed;

  private UrlSuites() {}

  /** Argument: the folder that holds {@code wpt-url} and the other suites. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      throw new IllegalArgumentException("say where wpt-url and the other suites are");
    }
    var folder = Path.of(arguments[0]);
    var suites = new UrlSuites();
    for (var file :
        List.of(
            "wpt-url/urltestdata.json",
            "wpt-url/urltestdata-javascript-only.json",
            "wpt-url/ada-extra/ada_extra_urltestdata.json",
            "wpt-url/ada-extra/ada_long_urltestdata.json",
            "crawler-commons/url-utils/wpt-urltestdata.json")) {
      suites.urls(folder.resolve(file));
      suites.report(file);
    }
    for (var file :
        List.of(
            "wpt-url/toascii.json", "wpt-url/IdnaTestV2.json", "wpt-url/IdnaTestV2-removed.json")) {
      suites.domains(folder.resolve(file));
      suites.report(file);
    }
    suites.lengths(folder.resolve("wpt-url/ada-extra/verifydnslength_tests.json"));
    suites.report("wpt-url/ada-extra/verifydnslength_tests.json");
    suites.queries(folder.resolve("wpt-url/percent-encoding.json"));
    suites.report("wpt-url/percent-encoding.json");
    suites.whole(folder.resolve("wpt-url/setters_tests.json"), "our URLs do not change");
    suites.whole(
        folder.resolve("wpt-url/ada-extra/ada_extra_setters_tests.json"), "our URLs do not change");
    for (var patterns :
        List.of(
            "urlpatterntestdata",
            "urlpattern-compare-test-data",
            "urlpattern-generate-test-data")) {
      suites.whole(
          folder.resolve("wpt-url/" + patterns + ".json"), "no pattern of a crawl is a URLPattern");
    }
    suites.normalForms(folder.resolve("crawler-commons/normalizer/weirdToNormalizedUrls.csv"));
    suites.report("crawler-commons/normalizer/weirdToNormalizedUrls.csv");
    suites.invalid(folder.resolve("crawler-commons/normalizer/invalidUrls.csv"));
    suites.report("crawler-commons/normalizer/invalidUrls.csv");
    suites.resolved(folder.resolve("crawler-commons/url-utils/url-resolve.csv"));
    suites.report("crawler-commons/url-utils/url-resolve.csv");
    suites.suffixes(folder.resolve("public-suffix-list/tests.txt"));
    suites.report("public-suffix-list/tests.txt");
  }

  // Where the right answer is no http or https URL, the right answer of ours is none.
  private void urls(Path file) throws IOException {
    for (var test : json(file)) {
      if (!test.isObject()) {
        continue;
      }
      var input = test.get("input").asString();
      var base = test.hasNonNull("base") ? test.get("base").asString() : null;
      var href = test.has("failure") ? null : test.get("href").asString();
      var expected = href != null && href.matches("(?s)https?:.*") ? href : null;
      var parsedBase = base == null ? null : WebUrl.parse(base, null).orElse(null);
      boolean brokenBase = parsedBase == null && base != null && base.startsWith("http");
      var ours =
          brokenBase
              ? null
              : WebUrl.parse(input, parsedBase).map(url -> url.text(true)).orElse(null);
      check(Objects.equals(expected, ours), "%s under %s: %s, not %s", input, base, ours, expected);
    }
  }

  private void domains(Path file) throws IOException {
    for (var test : json(file)) {
      if (!test.isObject()) {
        continue;
      }
      var input = test.get("input").asString();
      if (input.isEmpty()) {
        leave("https:///x has the host x");
        continue;
      }
      var expected = test.get("output").isNull() ? null : test.get("output").asString();
      var host = new StringBuilder();
      input
          .codePoints()
          .forEach(c ->
              host.append(
                  ":/?#\\".indexOf(c) >= 0 ? "%%%02X".formatted(c) : Character.toString(c)));
      var ours = WebUrl.parse("https://" + host + "/x", null).map(WebUrl::host).orElse(null);
      check(Objects.equals(expected, ours), "%s: %s, not %s", input, ours, expected);
    }
  }

  private void lengths(Path file) throws IOException {
    for (var test : json(file)) {
      if (test.isObject()) {
        var input = test.get("input").asString();
        boolean fails = test.has("failure") && test.get("failure").asBoolean();
        check(UrlNormalizer.normalize(input).isEmpty() == fails, "%s", input);
      }
    }
  }

  private void queries(Path file) throws IOException {
    for (var test : json(file)) {
      if (!test.isObject()) {
        continue;
      }
      var input = test.get("input").asString();
      var output = test.get("output");
      var expected = output.get("utf-8").asString();
      var ours = WebUrl.parse("http://h/?" + input, null).map(WebUrl::query).orElse(null);
      check(expected.equals(ours), "%s: %s, not %s", input, ours, expected);
      for (int i = 1; i < output.size(); i++) {
        leave("queries are in UTF-8 whatever the page is in");
      }
    }
  }

  private void normalForms(Path file) throws IOException {
    for (var line : rows(file)) {
      var input = line.get(0);
      var expected = line.get(1);
      if (!input.matches("(?is)\\s*https?:.*")) {
        leave(input.contains(":") ? "not http or https" : "without a scheme it is a relative URL");
        continue;
      }
      if (expected.equals("http:/")) {
        check(UrlNormalizer.normalize(input).isEmpty(), "%s", input);
        continue;
      }
      var ours = UrlNormalizer.normalize(input).map(URI::toString).orElse(null);
      check(expected.equals(ours), "%s: %s, not %s", input, ours, expected);
    }
  }

  private void invalid(Path file) throws IOException {
    for (var line : Files.readAllLines(file)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        check(UrlNormalizer.normalize(line.strip()).isEmpty(), "%s", line);
      }
    }
  }

  private void resolved(Path file) throws IOException {
    for (var row : rows(file)) {
      if (row.size() < 3) {
        continue;
      }
      var base = row.get(1).isEmpty() ? null : WebUrl.parse(row.get(1), null).orElse(null);
      if (!row.get(2).startsWith("http")) {
        leave("not http or https");
        continue;
      }
      // Their resolver leaves a URL as it is written; ours gives both the form of browsers.
      var expected = WebUrl.parse(row.get(2), null).map(url -> url.text(true));
      var ours = WebUrl.parse(row.get(0), base).map(url -> url.text(true));
      check(
          expected.equals(ours), "%s under %s: %s, not %s", row.get(0), row.get(1), ours, expected);
    }
  }

  private void suffixes(Path file) throws IOException {
    for (var line : Files.readAllLines(file)) {
      if (line.isBlank() || line.startsWith("//")) {
        continue;
      }
      var parts = line.strip().split("\\s+");
      if (parts[0].equals("null")) {
        leave("there is no host null");
        continue;
      }
      var expected =
          parts[1].equals("null") ? Optional.empty() : Optional.ofNullable(WebUrl.ascii(parts[1]));
      var ours = PublicSuffixes.findRegistered(parts[0]);
      check(expected.equals(ours), "%s: %s, not %s", parts[0], ours, expected);
    }
  }

  private void whole(Path file, String reason) throws IOException {
    int tests = json(file).size();
    System.out.printf(
        Locale.ROOT, "%-58s 0/0, left out %d: %s%n", file.getFileName(), tests, reason);
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(Files.readAllBytes(file));
  }

  // The rows of a file of comma-separated values; a value in quotes may have commas and quotes.
  private static List<List<String>> rows(Path file) throws IOException {
    var rows = new ArrayList<List<String>>();
    for (var line : Files.readAllLines(file)) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      var row = new ArrayList<String>();
      int i = 0;
      while (i <= line.length()) {
        while (i < line.length() && line.charAt(i) == ' ') {
          i++;
        }
        var value = new StringBuilder();
        if (i < line.length() && line.charAt(i) == '"') {
          i++;
          while (i < line.length() && (line.charAt(i) != '"' || line.startsWith("\"\"", i))) {
            value.append(line.charAt(i));
            i += line.charAt(i) == '"' ? 2 : 1;
          }
          i++;
        }
        int comma = line.indexOf(',', i);
        int end = comma < 0 ? line.length() : comma;
        value.append(line, Math.min(i, end), end);
        row.add(value.toString().strip());
        i = end + 1;
      }
      rows.add(row);
    }
    return rows;
  }

  private void check(boolean good, String format, @Nullable Object... what) {
    if (good) {
      passed++;
    } else {
      failed++;
      var text = format.formatted(what);
      System.out.println(
          "  differs: " + (text.length() < 240 ? text : text.substring(0, 240) + "…"));
    }
  }

  private void leave(String reason) {
    leftOut.merge(reason, 1, Integer::sum);
  }

  private void report(String suite) {
    System.out.printf(
        Locale.ROOT,
        "%-58s %d/%d%s%n",
        suite,
        passed,
        passed + failed,
        leftOut.isEmpty() ? "" : ", left out " + leftOut);
    passed = 0;
    failed = 0;
    leftOut.clear();
  }
}
