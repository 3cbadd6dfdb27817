package io.mosaicdb.benchmarks.load;

import io.mosaicdb.benchmarks.ingest.SampleDocuments;
import io.mosaicdb.benchmarks.product.Machine;
import io.mosaicdb.benchmarks.product.Product;
import io.mosaicdb.benchmarks.product.ProductClient;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * What computing ranks costs searches: two clients search without a pause, first alone, then while
 * ranks of the same namespace are computed and put in force one run after another, then alone
 * again. A search that fails ends the benchmark; ranks must not make p95 more than twice as long.
 */
public final class RankLoadBenchmark {
  private static final String NAMESPACE = "bench-ranks";
  private static final int CLIENTS = 2;
  private static final int WARMING = 2;
  private static final int MOST_RATE = 2_000;
  private static final double MOST_RATIO = 2;
  private static final JsonMapper JSON = new JsonMapper();
  private final ProductClient client;
  private final Product product;
  private final int documents;
  private final int links;
  private final int seconds;
  private final SampleDocuments samples;

  private RankLoadBenchmark(Product product, int documents, int links, int seconds) {
    this.product = product;
    this.client = new ProductClient(product.address());
    this.documents = documents;
    this.links = links;
    this.seconds = seconds;
    this.samples = new SampleDocuments(documents);
  }

  /**
   * Arguments: documents, the product's home, the folder of its data, links of a document, seconds
   * a row.
   */
  public static void main(String[] arguments) throws Exception {
    int documents = Integer.parseInt(argument(arguments, 0, "20000"));
    var home = Path.of(argument(arguments, 1, ".")).toAbsolutePath().normalize();
    var data = Path.of(argument(arguments, 2, "bench-data")).toAbsolutePath();
    int links = Integer.parseInt(argument(arguments, 3, "20"));
    int seconds = Integer.parseInt(argument(arguments, 4, "15"));
    System.out.println(Machine.describe());
    try (var product = Product.start(home, data.resolve("product-ranks"))) {
      new RankLoadBenchmark(product, documents, links, seconds).run();
    }
  }

  private static String argument(String[] arguments, int place, String standard) {
    return arguments.length > place ? arguments[place] : standard;
  }

  private void run() throws Exception {
    if (client.describe(NAMESPACE).path("documents").asInt(0) == documents) {
      samples.skip(documents);
    } else {
      load();
    }
    System.out.printf(
        Locale.ROOT,
        "%,d documents, %d links each; %d clients, hybrid with a vector given, %d s a row%n",
        documents,
        links,
        CLIENTS,
        seconds);
    System.out.printf(
        "%-28s %9s %9s %9s %9s %11s%n", "", "p50 ms", "p95 ms", "p99 ms", "max ms", "queries/s");
    var _ = searched(WARMING * seconds);
    var before = searched(seconds);
    print("without ranks computed", before);
    var ranking = new AtomicBoolean(true);
    var runs = new ArrayList<Double>();
    long[] during;
    try (var ranks = Executors.newSingleThreadExecutor()) {
      var computing = ranks.submit(compute(ranking, runs));
      during = searched(2 * seconds);
      ranking.set(false);
      computing.get();
    }
    print("while ranks are computed", during);
    var after = searched(seconds);
    print("without, once more", after);
    double alone = (percentile(before, .95) + percentile(after, .95)) / 2;
    System.out.printf(
        Locale.ROOT,
        "%d runs in that time, %.1f s each; no search failed; p95 %.2fx of that without, at most"
            + " %.0fx%n",
        runs.size(),
        runs.stream().mapToDouble(each -> each).average().orElse(0),
        percentile(during, .95) / alone,
        MOST_RATIO);
  }

  private void load() throws IOException, InterruptedException {
    client.create(
        NAMESPACE,
        Map.of(
            "schema",
            Map.of(
                "vector", Map.of("source", "client", "dimensions", SampleDocuments.DIMENSIONS))));
    var random = new Random(11);
    var lines = new ArrayList<byte[]>();
    for (int i = 0; i < documents; i++) {
      var targets = new ArrayList<String>();
      for (int l = 0; l < links; l++) {
        // The square makes a few pages the target of many links.
        double place = random.nextDouble() * random.nextDouble();
        targets.add(
            "{\"url\":\"document-" + (int) (place * documents) + "\",\"text\":\"see also\"}");
      }
      var line = samples.nextLine(",\"links\":[" + String.join(",", targets) + "]");
      lines.add(line);
      if (lines.size() == 2_000 || i == documents - 1) {
        var _ = client.load(NAMESPACE, BodyPublishers.ofByteArrays(lines), "durable");
        lines.clear();
      }
    }
    var _ = client.post("/v1/namespaces/" + NAMESPACE + "/seal", Map.of());
  }

  private Callable<Boolean> compute(AtomicBoolean going, List<Double> runs) {
    return () -> {
      while (going.get()) {
        long began = System.nanoTime();
        var id =
            client
                .post("/v1/pagerank", Map.of("namespace", NAMESPACE, "warm_start", false))
                .path("id")
                .asString();
        var state = "";
        while (!state.equals("succeeded")) {
          Thread.sleep(20);
          var run = client.get("/v1/pagerank/" + id);
          state = run.path("state").asString();
          if (state.equals("failed") || state.equals("canceled")) {
            throw new IOException("ranks failed: " + run);
          }
        }
        runs.add((System.nanoTime() - began) / 1e9);
      }
      return true;
    };
  }

  private static double percentile(long[] latencies, double share) {
    return latencies[(int) Math.min(latencies.length - 1, share * latencies.length)] / 1e6;
  }

  private static void print(String name, long[] latencies) {
    System.out.printf(
        Locale.ROOT,
        "%-28s %9.2f %9.2f %9.2f %9.2f %,11.0f%n",
        name,
        percentile(latencies, .5),
        percentile(latencies, .95),
        percentile(latencies, .99),
        percentile(latencies, 1),
        CLIENTS * 1e9 / Arrays.stream(latencies).average().orElse(1));
  }

  /** Latencies in nanoseconds, ascending. */
  private long[] searched(int duration) throws Exception {
    var bodies = new ArrayList<byte[]>();
    for (int i = 0; i < MOST_RATE * duration; i++) {
      bodies.add(samples.nextHybridRequest());
    }
    var next = new AtomicInteger();
    long until = System.nanoTime() + duration * 1_000_000_000L;
    var answers = new ArrayList<Future<long[]>>();
    try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
      for (int c = 0; c < CLIENTS; c++) {
        answers.add(threads.submit(() -> ask(bodies, next, until)));
      }
      var latencies = LongStream.builder();
      for (var answer : answers) {
        Arrays.stream(answer.get()).forEach(latencies::add);
      }
      return latencies.build().sorted().toArray();
    }
  }

  private long[] ask(List<byte[]> bodies, AtomicInteger next, long until) throws IOException {
    var latencies = LongStream.builder();
    try (var connection = new KeptConnection(product.address())) {
      int number = next.getAndIncrement();
      while (System.nanoTime() < until && number < bodies.size()) {
        var request =
            connection.request("/v1/namespaces/" + NAMESPACE + "/search", bodies.get(number));
        long sent = System.nanoTime();
        var answer = connection.exchange(request);
        latencies.add(System.nanoTime() - sent);
        if (number % 20 == 0) {
          var json = JSON.readTree(new String(answer, StandardCharsets.UTF_8));
          if (json.path("hits").isEmpty() || !json.path("coverage").path("full").asBoolean()) {
            throw new IOException("not answered in full: " + json);
          }
        }
        number = next.getAndIncrement();
      }
    }
    return latencies.build().toArray();
  }
}
