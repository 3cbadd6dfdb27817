package io.mosaicdb.benchmarks.load;

import io.mosaicdb.benchmarks.gate.Figures;
import io.mosaicdb.benchmarks.ingest.IngestBenchmark;
import io.mosaicdb.benchmarks.ingest.SampleDocuments;
import io.mosaicdb.benchmarks.product.Machine;
import io.mosaicdb.benchmarks.product.Product;
import io.mosaicdb.benchmarks.product.ProductClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.LongStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Hybrid searches through the public interface, over the documents that {@link IngestBenchmark}
 * left: so many clients, each with a connection that is kept open, each sending its next question
 * when it has the answer to the last. Every question is new to the product. Clients share the
 * processors with it.
 */
public final class LoadBenchmark {
  private static final String TEXTS = "bench-texts";
  private static final int AGAIN = 300;
  private static final int TEXT_COUNT = 200;
  private static final int TEXT_QUESTIONS = 300;
  private static final int WARMING = 4;
  private static final int MOST_RATE = 2_500;
  private static final int MOST_P99 = 25;
  private static final int LEAST_RATE = 500;
  private static final double MOST_TEXT_P50 = 12;
  private static final JsonMapper JSON = new JsonMapper();
  private final Product product;
  private final int seconds;
  private final SampleDocuments samples;
  private final int count;

  private LoadBenchmark(Product product, int count, int seconds) {
    this.product = product;
    this.seconds = seconds;
    this.samples = new SampleDocuments(count);
    this.count = count;
  }

  /** Arguments: the product's home, the folder of its data, seconds a row. */
  public static void main(String[] arguments) throws Exception {
    var home = Path.of(arguments.length > 0 ? arguments[0] : ".").toAbsolutePath().normalize();
    var data = Path.of(arguments.length > 1 ? arguments[1] : "bench-data").toAbsolutePath();
    int seconds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10;
    System.out.println(Machine.describe());
    try (var product = Product.start(home, data.resolve("product"))) {
      var described = new ProductClient(product.address()).describe(IngestBenchmark.NAMESPACE);
      int count = described.path("documents").asInt(0);
      if (count == 0) {
        throw new IllegalArgumentException(
            data + " holds no documents: run the ingest benchmark first");
      }
      System.out.printf(
          Locale.ROOT,
          "%,d documents in %d shards, %,d in the live segment%n",
          count,
          described.path("shards").asInt(),
          described.path("unsealed").asInt());
      new LoadBenchmark(product, count, seconds).run();
    }
  }

  private void run() throws Exception {
    samples.skip(count);
    System.out.println("after " + WARMING * seconds + " s of warming up by 8 clients");
    System.out.printf(
        "%-34s %9s %9s %9s %11s %9s%n", "", "p50 ms", "p99 ms", "max ms", "queries/s", "server ms");
    // On two processors the compiler needs most of a minute until it has seen to everything.
    var _ = load(8, WARMING * seconds, SampleDocuments::nextHybridRequest);
    for (int clients : List.of(1, 8, 32)) {
      var load = load(clients, seconds, SampleDocuments::nextHybridRequest);
      load.print("hybrid, vector given, %d client%s".formatted(clients, clients == 1 ? "" : "s"));
      if (clients == 8) {
        System.out.printf(
            Locale.ROOT,
            "    p99 at most %d ms: %.2fx;  at least %d queries/s: %.2fx%n",
            MOST_P99,
            MOST_P99 / load.percentile(.99),
            LEAST_RATE,
            load.rate() / LEAST_RATE);
      }
    }
    load(8, seconds, SampleDocuments::nextKeywordRequest).print("by words alone, 8 clients");
    again();
    textsOnly();
    System.out.printf(
        Locale.ROOT,
        "peak resident memory: %,d MB%n",
        product.peakResidentBytes().orElse(-1) >> 20);
  }

  /** Latencies in nanoseconds, ascending; what the product says it took, in the mean. */
  private record Load(long[] latencies, double elapsed, double serverMs) {
    double percentile(double share) {
      return latencies[(int) Math.min(latencies.length - 1, share * latencies.length)] / 1e6;
    }

    double rate() {
      return latencies.length / elapsed;
    }

    void print(String name) {
      System.out.printf(
          Locale.ROOT,
          "%-34s %9.2f %9.2f %9.2f %,11.0f %9.2f%n",
          name,
          percentile(.5),
          percentile(.99),
          percentile(1),
          rate(),
          serverMs);
    }
  }

  private Load load(int clients, int duration, Function<SampleDocuments, byte[]> request)
      throws IOException, InterruptedException, ExecutionException {
    // More than can be asked, so that none is asked twice.
    var bodies = new ArrayList<byte[]>();
    for (int i = 0; i < MOST_RATE * duration; i++) {
      bodies.add(request.apply(samples));
    }
    var next = new AtomicInteger();
    var answers = new ArrayList<Future<long[]>>();
    var took = new ArrayList<Double>();
    long started = System.nanoTime();
    long until = started + duration * 1_000_000_000L;
    try (var threads = Executors.newFixedThreadPool(clients)) {
      for (int c = 0; c < clients; c++) {
        answers.add(threads.submit(() -> ask(bodies, next, until, took)));
      }
      var latencies = LongStream.builder();
      for (var answer : answers) {
        Arrays.stream(answer.get()).forEach(latencies::add);
      }
      double elapsed = (System.nanoTime() - started) / 1e9;
      return new Load(
          latencies.build().sorted().toArray(),
          elapsed,
          took.stream().mapToDouble(each -> each).average().orElse(0));
    }
  }

  private long[] ask(List<byte[]> bodies, AtomicInteger next, long until, List<Double> took)
      throws IOException {
    var latencies = LongStream.builder();
    try (var connection = new KeptConnection(product.address())) {
      int asked = 0;
      while (System.nanoTime() < until) {
        int number = next.getAndIncrement();
        if (number >= bodies.size()) {
          break;
        }
        var request =
            connection.request(
                "/v1/namespaces/" + IngestBenchmark.NAMESPACE + "/search", bodies.get(number));
        long sent = System.nanoTime();
        var answer = connection.exchange(request);
        latencies.add(System.nanoTime() - sent);
        if (asked++ % 50 == 0) {
          var json = JSON.readTree(answer);
          if (json.path("hits").isEmpty() || !json.path("coverage").path("full").asBoolean()) {
            throw new IOException("not answered in full: " + json);
          }
          synchronized (took) {
            took.add(json.path("took_ms").asDouble());
          }
        }
      }
    }
    return latencies.build().toArray();
  }

  /** The same question once more is answered from the cache, unless something was written. */
  private void again() throws IOException {
    var first = new double[AGAIN];
    var second = new double[AGAIN];
    try (var connection = new KeptConnection(product.address())) {
      for (int i = 0; i < AGAIN; i++) {
        var request =
            connection.request(
                "/v1/namespaces/" + IngestBenchmark.NAMESPACE + "/search",
                samples.nextHybridRequest());
        first[i] = millis(connection, request);
        // Answers are kept from the second time on, where they are kept that late.
        var _ = millis(connection, request);
        second[i] = millis(connection, request);
      }
    }
    Arrays.sort(first);
    Arrays.sort(second);
    double missed = first[AGAIN / 2];
    double hit = second[AGAIN / 2];
    System.out.printf(
        Locale.ROOT,
        "hybrid, 1 client, p50: %.2f ms when new, %.2f ms out of the cache: %.1fx%n",
        missed,
        hit,
        missed / hit);
    Figures.record("cache.hit_to_miss", missed / hit);
  }

  private static double millis(KeptConnection connection, byte[] request) throws IOException {
    long sent = System.nanoTime();
    var _ = connection.exchange(request);
    return (System.nanoTime() - sent) / 1e6;
  }

  /**
   * Searches by text alone need a namespace whose vectors the product makes; making 100,000 takes
   * an hour, so its part of the time is measured on few documents and added to that of a search
   * with a given vector, which alternates with it.
   */
  private void textsOnly() throws IOException, InterruptedException {
    var client = new ProductClient(product.address());
    if (client.describe(TEXTS).path("documents").asInt(0) != TEXT_COUNT) {
      var lines = new ByteArrayOutputStream();
      for (int i = 0; i < TEXT_COUNT; i++) {
        lines.writeBytes(
            JSON.writeValueAsBytes(Map.of("id", "text-" + i, "text", samples.nextQuestion())));
        lines.write('\n');
      }
      var _ = client.load(TEXTS, BodyPublishers.ofByteArray(lines.toByteArray()), "visible");
    }
    var embedded = new double[TEXT_QUESTIONS];
    var both = new double[TEXT_QUESTIONS];
    try (var connection = new KeptConnection(product.address())) {
      for (int i = 0; i < TEXT_QUESTIONS; i++) {
        var text =
            connection.request(
                "/v1/namespaces/" + TEXTS + "/search",
                JSON.writeValueAsBytes(Map.of("q", QUESTIONS.get(i % QUESTIONS.size()) + " " + i)));
        embedded[i] =
            JSON.readTree(new String(connection.exchange(text), StandardCharsets.UTF_8))
                .path("timings")
                .path("embed_ms")
                .asDouble();
        var vector =
            connection.request(
                "/v1/namespaces/" + IngestBenchmark.NAMESPACE + "/search",
                samples.nextHybridRequest());
        long sent = System.nanoTime();
        var _ = connection.exchange(vector);
        both[i] = embedded[i] + (System.nanoTime() - sent) / 1e6;
      }
    }
    Arrays.sort(embedded);
    Arrays.sort(both);
    System.out.printf(
        Locale.ROOT,
        "hybrid, embedded here, 1 client: p50 %.2f ms, of which embedding %.2f;  at most %.0f ms:"
            + " %.2fx%n",
        both[TEXT_QUESTIONS / 2],
        embedded[TEXT_QUESTIONS / 2],
        MOST_TEXT_P50,
        MOST_TEXT_P50 / both[TEXT_QUESTIONS / 2]);
  }

  /** Of six to nine English words; a number makes each new. */
  private static final List<String> QUESTIONS =
      List.of(
          "how do I keep a replica in step",
          "what makes a cache forget its oldest entries",
          "which settings change how text is split",
          "why is the first search after a start slow",
          "restore a backup on another machine",
          "limit how many requests a client may send",
          "difference between a shard and a partition");
}
