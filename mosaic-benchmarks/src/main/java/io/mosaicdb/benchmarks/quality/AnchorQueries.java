package io.mosaicdb.benchmarks.quality;

import io.mosaicdb.benchmarks.product.Product;
import io.mosaicdb.benchmarks.product.ProductClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What authority is worth: known-item questions made from anchor texts. Each site's pages are
 * indexed with their links, ranked, and asked for by every text that leads to one page only; the
 * page that it leads to is the right answer. Prints the mean reciprocal rank within ten hits for
 * several weights. Anchor texts are not indexed with their targets here, so that words do not know
 * the answer.
 */
public final class AnchorQueries {
  private static final double[] WEIGHTS = {0, .05, .1, .2, .3, .5, 1, 2};
  private static final int MOST_QUESTIONS = 1_000;
  private static final int DEPTH = 10;
  private static final int LONGEST = 80;
  private static final JsonMapper JSON = new JsonMapper();

  private final ProductClient client;
  private final List<String> modes;

  private AnchorQueries(ProductClient client, List<String> modes) {
    this.client = client;
    this.modes = modes;
  }

  /**
   * Arguments: the folder of the sites, each {@code <site>/<host>/<path>}; then any of {@code --url
   * URL} (a running product), {@code --home FOLDER} and {@code --index FOLDER} (where the product
   * is, and its data), {@code --vectors} (asks by vectors too, which embeds every page).
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 0 || arguments[0].isBlank()) {
      throw new IllegalArgumentException("say where the sites are");
    }
    var sites = Path.of(arguments[0]);
    var options = List.of(arguments);
    var modes =
        options.contains("--vectors")
            ? List.of("keyword", "semantic", "hybrid")
            : List.of("keyword");
    int url = options.indexOf("--url");
    if (url >= 0) {
      new AnchorQueries(new ProductClient(URI.create(options.get(url + 1))), modes).run(sites);
      return;
    }
    int home = options.indexOf("--home");
    int index = options.indexOf("--index");
    try (var product =
        Product.start(
            Path.of(home < 0 ? "." : options.get(home + 1)).toAbsolutePath().normalize(),
            Path.of(index < 0 ? "anchor-data" : options.get(index + 1))
                .toAbsolutePath()
                .normalize())) {
      new AnchorQueries(new ProductClient(product.address()), modes).run(sites);
    }
  }

  private record Page(String url, String title, String text, List<Map<String, String>> links) {}

  private record Question(String text, String answer) {}

  private void run(Path sites) throws IOException, InterruptedException {
    try (var listed = Files.list(sites)) {
      for (var site : listed.filter(Files::isDirectory).sorted().toList()) {
        measure(String.valueOf(site.getFileName()), pages(site));
      }
    }
  }

  private void measure(String site, Map<String, Page> pages)
      throws IOException, InterruptedException {
    var namespace = "anchors-" + site.toLowerCase(Locale.ROOT);
    if (client.describe(namespace).isMissingNode()) {
      index(namespace, pages);
    }
    var result = rank(namespace);
    var questions = questions(pages);
    System.out.printf(
        "%n%s: %d pages, %d edges, %d iterations; %d questions%n",
        site,
        pages.size(),
        result.path("edges").asLong(),
        result.path("iterations").asInt(),
        questions.size());
    for (var mode : modes) {
      var line = new StringBuilder("  MRR@10 %-9s".formatted(mode));
      for (double weight : WEIGHTS) {
        line.append(
            "  w=%s %.4f".formatted(weight, reciprocal(namespace, mode, weight, questions)));
      }
      System.out.println(line);
    }
  }

  private void index(String namespace, Map<String, Page> pages)
      throws IOException, InterruptedException {
    if (modes.size() == 1) {
      client.create(namespace, Map.of("schema", Map.of("vector", Map.of("source", "none"))));
    }
    var lines = new ArrayList<byte[]>();
    for (var page : pages.values()) {
      var body = new LinkedHashMap<String, Object>();
      body.put("id", page.url());
      body.put("url", page.url());
      body.put("title", page.title());
      body.put("text", page.text());
      body.put("links", page.links());
      lines.add((JSON.writeValueAsString(body) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    var _ = client.load(namespace, BodyPublishers.ofByteArrays(lines), "visible");
  }

  private JsonNode rank(String namespace) throws IOException, InterruptedException {
    var id = client.post("/v1/pagerank", Map.of("namespace", namespace)).path("id").asString();
    while (true) {
      var run = client.get("/v1/pagerank/" + id);
      switch (run.path("state").asString()) {
        case "succeeded" -> {
          return run.path("result");
        }
        case "failed", "canceled" -> throw new IOException("ranks of " + namespace + ": " + run);
        default -> Thread.sleep(100);
      }
    }
  }

  private double reciprocal(String namespace, String mode, double weight, List<Question> questions)
      throws IOException, InterruptedException {
    double sum = 0;
    for (var question : questions) {
      var answer =
          client.search(
              namespace,
              Map.of(
                  "q",
                  question.text(),
                  "mode",
                  mode,
                  "limit",
                  DEPTH,
                  "timeout_ms",
                  20_000,
                  "fields",
                  List.of("url"),
                  "authority",
                  Map.of("weight", weight)));
      var hits = answer.path("hits");
      for (int i = 0; i < hits.size(); i++) {
        if (hits.path(i).path("id").asString().equals(question.answer())) {
          sum += 1.0 / (i + 1);
        }
      }
    }
    return questions.isEmpty() ? 0 : sum / questions.size();
  }

  /** Texts that lead to one page only, from another. */
  private static List<Question> questions(Map<String, Page> pages) {
    var targets = new TreeMap<String, Map<String, Integer>>();
    for (var page : pages.values()) {
      for (var link : page.links()) {
        var target = String.valueOf(link.get("url"));
        var text = String.valueOf(link.get("text")).strip().toLowerCase(Locale.ROOT);
        boolean words =
            text.length() >= 3 && text.length() <= LONGEST && text.matches(".*\\p{L}{3}.*");
        if (words && pages.containsKey(target) && !target.equals(page.url())) {
          targets.computeIfAbsent(text, _ -> new HashMap<>()).merge(target, 1, Integer::sum);
        }
      }
    }
    var questions = new ArrayList<Question>();
    targets.forEach((text, leads) -> {
      if (leads.size() == 1) {
        questions.add(new Question(text, leads.keySet().iterator().next()));
      }
    });
    Collections.shuffle(questions, new Random(7));
    return questions.subList(0, Math.min(MOST_QUESTIONS, questions.size()));
  }

  private static Map<String, Page> pages(Path site) throws IOException {
    var pages = new TreeMap<String, Page>();
    try (var walked = Files.walk(site)) {
      for (var file : walked.filter(Files::isRegularFile).sorted().toList()) {
        if (String.valueOf(file.getFileName()).matches("(?i).*\\.html?")) {
          var page = page(site, file);
          pages.put(page.url(), page);
        }
      }
    }
    return pages;
  }

  private static Page page(Path site, Path file) throws IOException {
    var url = "http://" + site.relativize(file).toString().replace('\\', '/');
    var document = Jsoup.parse(file.toFile(), null, url);
    var links = new ArrayList<Map<String, String>>();
    for (Element anchor : document.select("a[href]")) {
      var target = anchor.absUrl("href");
      int hash = target.indexOf('#');
      target = hash < 0 ? target : target.substring(0, hash);
      if (target.startsWith("https://")) {
        target = "http://" + target.substring(8);
      }
      if (target.startsWith("http://") && target.length() < 2_000) {
        links.add(
            Map.of(
                "url",
                target.endsWith("/") ? target + "index.html" : target,
                "text",
                anchor.text()));
      }
    }
    return new Page(
        url,
        document.title(),
        document.body().text(),
        links.subList(0, Math.min(9_000, links.size())));
  }
}
