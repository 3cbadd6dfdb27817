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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What authority is worth: known-item questions made from anchor texts. Each site's pages are
 * indexed with their links, ranked, and asked for by texts that lead to one page only; the page
 * that a text leads to is the right answer. Prints the mean reciprocal rank within ten hits for
 * several weights.
 *
 * <p>No question stands in the index as the words of a link to its answer, in two ways. <i>All</i>:
 * every such text of the site, asked without the field that has the words of links. <i>Held
 * out</i>: half of the pages, chosen by the hash of their URL, are held out; questions are texts
 * that only links on these pages have. The words of links on the other half are a field of their
 * target, as a crawl makes it, and it is asked too. Such texts lead to what few pages lead to.
 */
public final class AnchorQueries {
  private static final double[] WEIGHTS = {0, .05, .1, .2, .4};
  private static final int MOST_QUESTIONS = 1_000;
  private static final int DEPTH = 10;
  private static final int LONGEST = 80;
  private static final int LONGEST_ANCHORS = 4_000;
  private static final int CLIENTS = 2;
  private static final JsonMapper JSON = new JsonMapper();

  private final ProductClient client;
  private final Options options;

  private AnchorQueries(ProductClient client, Options options) {
    this.client = client;
    this.options = options;
  }

  /**
   * @param characters of a page's text that are indexed; 0: all
   * @param modes asked in
   */
  private record Options(boolean vectors, int characters, List<String> modes) {
    static Options of(List<String> arguments) {
      boolean vectors = arguments.contains("--vectors");
      return new Options(
          vectors,
          Integer.parseInt(value(arguments, "--characters", "0")),
          vectors ? List.of("keyword", "semantic", "hybrid") : List.of("keyword"));
    }
  }

  /**
   * Arguments: the folder of the sites, each {@code <site>/<host>/<path>}; then any of {@code --url
   * URL} (a running product), {@code --home FOLDER} and {@code --index FOLDER} (where the product
   * is, and its data), {@code --vectors} (asks by vectors too, which embeds every page), {@code
   * --characters N} (indexes that much of a page's text, which makes embedding affordable).
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 0 || arguments[0].isBlank()) {
      throw new IllegalArgumentException("say where the sites are");
    }
    var sites = Path.of(arguments[0]);
    var given = List.of(arguments);
    var options = Options.of(given);
    if (given.contains("--url")) {
      var address = URI.create(value(given, "--url", ""));
      new AnchorQueries(new ProductClient(address), options).run(sites);
      return;
    }
    try (var product =
        Product.start(
            Path.of(value(given, "--home", ".")).toAbsolutePath().normalize(),
            Path.of(value(given, "--index", "anchor-data")).toAbsolutePath().normalize())) {
      new AnchorQueries(new ProductClient(product.address()), options).run(sites);
    }
  }

  private static String value(List<String> arguments, String name, String standard) {
    int at = arguments.indexOf(name);
    return at < 0 ? standard : arguments.get(at + 1);
  }

  private record Page(String url, String title, String text, List<Map<String, String>> links) {
    boolean heldOut() {
      return (url.hashCode() & 1) == 0;
    }
  }

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
    var namespace =
        "anchors-%s-%d%s"
            .formatted(
                site.toLowerCase(Locale.ROOT),
                options.characters(),
                options.vectors() ? "-vectors" : "");
    if (client.describe(namespace).isMissingNode()) {
      index(namespace, pages);
    }
    var result = rank(namespace);
    var all = questions(pages, false);
    var heldOut = questions(pages, true);
    System.out.printf(
        "%n%s: %d pages, %d edges, %d iterations; %d questions, %d held out%n",
        site,
        pages.size(),
        result.path("edges").asLong(),
        result.path("iterations").asInt(),
        all.size(),
        heldOut.size());
    for (var mode : options.modes()) {
      System.out.println(row(namespace, mode, false, all));
      System.out.println(row(namespace, mode, true, heldOut));
    }
  }

  private String row(String namespace, String mode, boolean heldOut, List<Question> questions)
      throws IOException, InterruptedException {
    var row = new StringBuilder("  MRR@10 %-9s %-8s".formatted(mode, heldOut ? "held out" : "all"));
    for (double weight : WEIGHTS) {
      double found = reciprocal(namespace, mode, heldOut, weight, questions);
      row.append("  w=%s %.4f".formatted(weight, found));
    }
    return row.toString();
  }

  private void index(String namespace, Map<String, Page> pages)
      throws IOException, InterruptedException {
    var schema = new LinkedHashMap<String, Object>();
    schema.put("fields", Map.of("title", field(3), "text", field(1), "anchors", field(2)));
    if (!options.vectors()) {
      schema.put("vector", Map.of("source", "none"));
    }
    client.create(namespace, Map.of("schema", schema));
    var anchors = anchors(pages);
    var lines = new ArrayList<byte[]>();
    for (var page : pages.values()) {
      var body = new LinkedHashMap<String, Object>();
      body.put("id", page.url());
      body.put("url", page.url());
      body.put("title", page.title());
      body.put("text", cut(page.text()));
      body.put("links", page.links());
      var texts = anchors.get(page.url());
      if (texts != null) {
        body.put("fields", Map.of("anchors", joined(texts)));
      }
      lines.add((JSON.writeValueAsString(body) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    var _ = client.load(namespace, BodyPublishers.ofByteArrays(lines), "visible");
  }

  private static Map<String, Object> field(double weight) {
    return Map.of("type", "text", "weight", weight, "language", "en");
  }

  private String cut(String text) {
    int most = options.characters();
    if (most == 0 || text.length() <= most) {
      return text;
    }
    int end = text.lastIndexOf(' ', most);
    return text.substring(0, end <= 0 ? most : end);
  }

  /** The words of links on pages that are not held out, by where they lead. */
  private static Map<String, Set<String>> anchors(Map<String, Page> pages) {
    var anchors = new HashMap<String, Set<String>>();
    for (var page : pages.values()) {
      for (var link : page.links()) {
        var text = String.valueOf(link.get("text")).strip();
        if (!page.heldOut() && !text.isEmpty() && !page.url().equals(link.get("url"))) {
          anchors
              .computeIfAbsent(String.valueOf(link.get("url")), _ -> new TreeSet<>())
              .add(text.toLowerCase(Locale.ROOT));
        }
      }
    }
    return anchors;
  }

  private static String joined(Set<String> texts) {
    var all = new StringBuilder();
    for (var text : texts) {
      if (all.length() + text.length() > LONGEST_ANCHORS) {
        break;
      }
      all.append(text).append('\n');
    }
    return all.toString().strip();
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

  private double reciprocal(
      String namespace, String mode, boolean anchors, double weight, List<Question> questions)
      throws IOException, InterruptedException {
    var asked = new ArrayList<Future<Double>>(questions.size());
    double sum = 0;
    try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
      for (var question : questions) {
        asked.add(clients.submit(() -> reciprocal(namespace, mode, anchors, weight, question)));
      }
      for (var each : asked) {
        sum += each.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("a search of " + namespace + " failed", e.getCause());
    }
    return questions.isEmpty() ? 0 : sum / questions.size();
  }

  private double reciprocal(
      String namespace, String mode, boolean anchors, double weight, Question question)
      throws IOException, InterruptedException {
    var request = new LinkedHashMap<String, Object>();
    request.put("q", question.text());
    request.put("mode", mode);
    request.put("limit", DEPTH);
    request.put("timeout_ms", 20_000);
    request.put("fields", List.of("url"));
    request.put("authority", Map.of("weight", weight));
    if (!anchors && !mode.equals("semantic")) {
      request.put("words", Map.of("field_weights", Map.of("anchors", 0)));
    }
    var hits = client.search(namespace, request).path("hits");
    for (int i = 0; i < hits.size(); i++) {
      if (hits.path(i).path("id").asString().equals(question.answer())) {
        return 1.0 / (i + 1);
      }
    }
    return 0;
  }

  /**
   * Texts of links that lead to one page only.
   *
   * @param heldOut whether of those alone that no page has which is not held out
   */
  private static List<Question> questions(Map<String, Page> pages, boolean heldOut) {
    var targets = new TreeMap<String, Set<String>>();
    var known = new HashSet<String>();
    for (var page : pages.values()) {
      for (var link : page.links()) {
        var target = String.valueOf(link.get("url"));
        var text = question(String.valueOf(link.get("text")));
        boolean words =
            text.length() >= 3 && text.length() <= LONGEST && text.matches(".*\\p{L}{3}.*");
        if (words && pages.containsKey(target) && !target.equals(page.url())) {
          targets.computeIfAbsent(text, _ -> new TreeSet<>()).add(target);
          if (!page.heldOut()) {
            known.add(text);
          }
        }
      }
    }
    var questions = new ArrayList<Question>();
    targets.forEach((text, leads) -> {
      if (leads.size() == 1 && !(heldOut && known.contains(text))) {
        questions.add(new Question(text, leads.iterator().next()));
      }
    });
    Collections.shuffle(questions, new Random(7));
    return questions.subList(0, Math.min(MOST_QUESTIONS, questions.size()));
  }

  /** The words alone: signs of the query language would be read as such. */
  private static String question(String anchor) {
    return anchor
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}'.,_-]+", " ")
        .replaceAll("(^| )-+", " ")
        .strip();
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
