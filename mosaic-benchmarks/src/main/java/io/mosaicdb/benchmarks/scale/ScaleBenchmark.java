package io.mosaicdb.benchmarks.scale;

import io.mosaicdb.benchmarks.ingest.IngestBenchmark;
import io.mosaicdb.benchmarks.ingest.SampleDocuments;
import io.mosaicdb.benchmarks.product.Machine;
import io.mosaicdb.benchmarks.product.Product;
import io.mosaicdb.benchmarks.product.ProductClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Loads documents with given vectors through NDJSON bulk, then searches them one question at a time
 * and compares the ten nearest with those of an exact search.
 */
public final class ScaleBenchmark {
  private static final int QUESTIONS = 200;
  private static final int COMPARED = 50;
  private static final int HITS = 10;

  private final ProductClient client;
  private final SampleDocuments samples;
  private final int count;

  private ScaleBenchmark(ProductClient client, SampleDocuments samples, int count) {
    this.client = client;
    this.samples = samples;
    this.count = count;
  }

  /** Arguments: documents, the product's home, the folder for its data (emptied). */
  public static void main(String[] arguments) throws Exception {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    var home = Path.of(arguments.length > 1 ? arguments[1] : ".").toAbsolutePath().normalize();
    var data = Path.of(arguments.length > 2 ? arguments[2] : "bench-data").toAbsolutePath();
    System.out.println(Machine.describe());
    IngestBenchmark.loadThroughInterface(count, home, data);
    try (var product = Product.start(home, data.resolve("product"))) {
      var samples = new SampleDocuments(count);
      samples.skip(count);
      var client = new ProductClient(product.address());
      var described = client.describe(IngestBenchmark.NAMESPACE);
      System.out.printf(
          Locale.ROOT,
          "after a restart: %,d documents in %d shards, %,d unsealed%n",
          described.path("documents").asLong(),
          described.path("shards").asInt(),
          described.path("unsealed").asLong());
      new ScaleBenchmark(client, samples, count).run();
      System.out.printf(
          Locale.ROOT,
          "peak resident memory while searching: %,d MB%n",
          product.peakResidentBytes().orElse(-1) >> 20);
    }
  }

  private void run() throws IOException, InterruptedException {
    System.out.printf(
        "%-34s %9s %9s %9s%n", "one client, " + HITS + " hits", "p50 ms", "p99 ms", "max ms");
    for (var mode : List.of("keyword", "semantic", "hybrid")) {
      // Once to warm up, once to measure.
      var _ = latencies(mode);
      var latencies = latencies(mode);
      System.out.printf(
          Locale.ROOT,
          "%-34s %9.2f %9.2f %9.2f%n",
          mode,
          latencies[QUESTIONS / 2],
          latencies[QUESTIONS * 99 / 100],
          latencies[QUESTIONS - 1]);
    }
    System.out.printf(
        Locale.ROOT,
        "recall@%d of semantic search against exact search: %.4f over %d questions%n",
        HITS,
        recall(),
        COMPARED);
  }

  private double[] latencies(String mode) throws IOException, InterruptedException {
    var latencies = new double[QUESTIONS];
    for (int i = 0; i < QUESTIONS; i++) {
      var request = request(mode, false, samples.nextVector());
      long sent = System.nanoTime();
      var answer = client.search(IngestBenchmark.NAMESPACE, request);
      latencies[i] = (System.nanoTime() - sent) / 1e6;
      if (!answer.path("coverage").path("full").asBoolean() || answer.path("hits").isEmpty()) {
        throw new IOException("not answered in full over " + count + " documents: " + answer);
      }
    }
    Arrays.sort(latencies);
    return latencies;
  }

  private double recall() throws IOException, InterruptedException {
    int found = 0;
    for (int i = 0; i < COMPARED; i++) {
      var vector = samples.nextVector();
      var exact = ids(client.search(IngestBenchmark.NAMESPACE, request("semantic", true, vector)));
      var answer =
          ids(client.search(IngestBenchmark.NAMESPACE, request("semantic", false, vector)));
      found += (int) answer.stream().filter(new HashSet<>(exact)::contains).count();
    }
    return found / (double) (HITS * COMPARED);
  }

  private Map<String, Object> request(String mode, boolean exact, float[] vector) {
    return switch (mode) {
      case "keyword" -> Map.of("q", samples.nextQuestion(), "mode", mode, "limit", HITS);
      case "semantic" ->
          Map.of(
              "vector", vector, "mode", mode, "limit", HITS, "exact", exact, "timeout_ms", 60_000);
      default -> Map.of("q", samples.nextQuestion(), "vector", vector, "mode", mode, "limit", HITS);
    };
  }

  private static List<String> ids(JsonNode answer) {
    var ids = new ArrayList<String>();
    for (var hit : answer.path("hits")) {
      ids.add(hit.path("id").asString());
    }
    return ids;
  }
}
