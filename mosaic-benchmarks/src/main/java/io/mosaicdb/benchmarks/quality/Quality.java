package io.mosaicdb.benchmarks.quality;

import io.mosaicdb.benchmarks.product.Product;
import io.mosaicdb.benchmarks.product.ProductClient;
import io.mosaicdb.benchmarks.quality.JudgedCollection.Question;
import io.mosaicdb.model.ranking.ScoredId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Indexes judged collections into the product through its public interface with default settings,
 * asks every question in every mode for ten hits, and prints nDCG@10 beside known figures. A data
 * folder that holds the collections already is used as it is. {@code --fusions} compares ways to
 * make one ranking of both legs.
 */
public final class Quality {
  private static final List<String> COLLECTIONS =
      List.of(
          "scifact",
          "cranfield",
          "cisi",
          "medline",
          "xquad-en",
          "xquad-de",
          "xquad-es",
          "xquad-zh");
  private static final List<String> MODES = List.of("keyword", "semantic", "hybrid");
  private static final int DEPTH = 10;
  private final ProductClient client;

  private Quality(ProductClient client) {
    this.client = client;
  }

  /**
   * Arguments: the folder of the collections; then any of {@code --url URL} (a running product),
   * {@code --home FOLDER} and {@code --index FOLDER} (where the product is, and its data), {@code
   * --fusions}.
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 0 || arguments[0].isBlank()) {
      throw new IllegalArgumentException(
          "say where the collections are: make quality DATA=<folder with scifact, cranfield, …>");
    }
    var data = Path.of(arguments[0]);
    var url = option(arguments, "--url");
    boolean fusions = List.of(arguments).contains("--fusions");
    var collections = JudgedCollection.readAll(data, COLLECTIONS);
    if (collections.isEmpty()) {
      throw new IllegalArgumentException(
          data.toAbsolutePath() + " holds none of " + String.join(", ", COLLECTIONS));
    }
    var known = KnownFigures.read(data);
    if (url != null) {
      new Quality(new ProductClient(URI.create(url))).run(collections, known, fusions);
      return;
    }
    var home = option(arguments, "--home");
    var index = option(arguments, "--index");
    try (var product =
        Product.start(
            Path.of(home == null ? "." : home).toAbsolutePath().normalize(),
            Path.of(index == null ? "quality-data" : index).toAbsolutePath().normalize())) {
      new Quality(new ProductClient(product.address())).run(collections, known, fusions);
    }
  }

  private static @Nullable String option(String[] arguments, String name) {
    int at = List.of(arguments).indexOf(name);
    return at < 0 || at + 1 == arguments.length ? null : arguments[at + 1];
  }

  private void run(List<JudgedCollection> collections, KnownFigures known, boolean fusions)
      throws IOException, InterruptedException, ExecutionException {
    for (var collection : collections) {
      index(collection);
    }
    var measured = new LinkedHashMap<JudgedCollection, Map<String, Double>>();
    String embedder = "";
    for (var collection : collections) {
      var figures = new LinkedHashMap<String, Double>();
      for (var mode : collection.language() == null ? MODES : List.of("keyword")) {
        figures.put(mode, mean(collection, rankings(collection, mode, DEPTH)));
      }
      measured.put(collection, figures);
      embedder = client.describe(collection.name()).path("embedder").path("id").asString("");
    }
    print("%nnDCG@10, default settings, embedder %s%n", embedder);
    print(
        "%-10s %9s %9s  %8s %8s %8s  %16s  %s%n",
        "",
        "documents",
        "questions",
        "keyword",
        "semantic",
        "hybrid",
        "hybrid - better",
        "known: BM25 | embedder (test questions)");
    for (var entry : measured.entrySet()) {
      var collection = entry.getKey();
      var figures = entry.getValue();
      double better =
          Math.max(figures.getOrDefault("keyword", 0.0), figures.getOrDefault("semantic", 0.0));
      if (collection.language() != null) {
        print(
            "%-10s %9d %9d  %8.4f  by words alone, language %s%n",
            collection.name(),
            collection.documents(),
            collection.questions().size(),
            figures.get("keyword"),
            collection.language());
        continue;
      }
      print(
          "%-10s %9d %9d  %8.4f %8.4f %8.4f  %+16.4f  %s | %s%n",
          collection.name() + (collection.training() ? "*" : ""),
          collection.documents(),
          collection.questions().size(),
          figures.get("keyword"),
          figures.get("semantic"),
          figures.get("hybrid"),
          figures.getOrDefault("hybrid", 0.0) - better,
          figure(known.keyword(collection.name())),
          figure(known.semantic(collection.name(), embedder)));
    }
    print("* the questions made for training%n");
    if (fusions) {
      compareFusions(collections);
    }
  }

  private void compareFusions(List<JudgedCollection> collections)
      throws IOException, InterruptedException, ExecutionException {
    var comparison = new FusionComparison();
    for (var collection : collections) {
      if (collection.language() != null) {
        continue;
      }
      comparison.add(
          collection,
          rankings(collection, "keyword", FusionComparison.CANDIDATES),
          rankings(collection, "semantic", FusionComparison.CANDIDATES));
    }
    comparison.print();
  }

  private void index(JudgedCollection collection) throws IOException, InterruptedException {
    var present = client.describe(collection.name()).path("documents").asLong(-1);
    if (present == collection.documents()) {
      print("%s: %,d documents are there already%n", collection.name(), present);
      return;
    }
    if (present >= 0) {
      client.delete(collection.name());
    }
    if (collection.language() != null) {
      var field = Map.of("language", collection.language());
      client.create(
          collection.name(),
          Map.of(
              "schema",
              Map.of(
                  "fields",
                  Map.of("title", field, "text", field),
                  "vector",
                  Map.of("source", "none"))));
    }
    long started = System.nanoTime();
    var _ =
        client.load(collection.name(), BodyPublishers.ofByteArray(collection.lines()), "visible");
    double seconds = (System.nanoTime() - started) / 1e9;
    print(
        "%s: %,d documents indexed in %.0f s, %.0f/s%n",
        collection.name(), collection.documents(), seconds, collection.documents() / seconds);
  }

  /** One ranking a question. */
  private List<List<ScoredId>> rankings(JudgedCollection collection, String mode, int limit)
      throws IOException, InterruptedException, ExecutionException {
    try (var threads = Executors.newFixedThreadPool(2)) {
      var answers = new ArrayList<Future<List<ScoredId>>>();
      for (var question : collection.questions()) {
        answers.add(threads.submit(() -> ranking(collection, question, mode, limit)));
      }
      var rankings = new ArrayList<List<ScoredId>>();
      for (var answer : answers) {
        rankings.add(answer.get());
      }
      return rankings;
    }
  }

  private List<ScoredId> ranking(
      JudgedCollection collection, Question question, String mode, int limit)
      throws IOException, InterruptedException {
    var answer =
        client.search(
            collection.name(), Map.of("q", question.text(), "mode", mode, "limit", limit));
    var coverage = answer.path("coverage");
    if (!coverage.path("full").asBoolean() || !coverage.path("degraded").isEmpty()) {
      throw new IOException(
          "question %s of %s was not answered in full: %s"
              .formatted(question.id(), collection.name(), coverage));
    }
    var ranking = new ArrayList<ScoredId>();
    for (JsonNode hit : answer.path("hits")) {
      ranking.add(new ScoredId(hit.path("id").asString(), hit.path("score").asDouble()));
    }
    return ranking;
  }

  static double mean(JudgedCollection collection, List<List<ScoredId>> rankings) {
    double sum = 0;
    for (int i = 0; i < rankings.size(); i++) {
      var ids = rankings.get(i).stream().limit(DEPTH).map(ScoredId::id).toList();
      sum += Gain.normalized(ids, collection.questions().get(i).judgements(), DEPTH);
    }
    return sum / rankings.size();
  }

  private static String figure(@Nullable Double figure) {
    return figure == null ? "-" : String.format(Locale.ROOT, "%.4f", figure);
  }

  private static void print(String format, @Nullable Object... values) {
    System.out.printf(Locale.ROOT, format, values);
  }
}
