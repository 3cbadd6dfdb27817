package io.mosaicdb.benchmarks.ingest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.mosaicdb.benchmarks.gate.Figures;
import io.mosaicdb.benchmarks.product.Machine;
import io.mosaicdb.benchmarks.product.Product;
import io.mosaicdb.benchmarks.product.ProductClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;

/**
 * Documents with given vectors written over REST by one client, so many with each request, each
 * request answered when they are on disk.
 */
public final class UpsertBenchmark {
  private static final String NAMESPACE = "bench-upserts";
  private static final int[] SIZES = {1, 10, 100, 1000};
  private static final int REQUESTS = 200;
  private static final int MOST = 20_000;

  private UpsertBenchmark() {}

  /** Arguments: the product's home. */
  public static void main(String[] arguments) throws Exception {
    var home = Path.of(arguments.length > 0 ? arguments[0] : ".").toAbsolutePath().normalize();
    var data = Files.createTempDirectory("mosaic-upserts");
    System.out.println(Machine.describe());
    try (var product = Product.start(home, data.resolve("product"))) {
      var client = new ProductClient(product.address());
      client.create(NAMESPACE, IngestBenchmark.namespace());
      var documents = new SampleDocuments(2 * MOST * SIZES.length);
      System.out.printf("%-34s %12s %9s %9s%n", "", "documents/s", "p50 ms", "p99 ms");
      var _ = run(client, documents, 10);
      var rates = new double[SIZES.length];
      for (int i = 0; i < SIZES.length; i++) {
        rates[i] = run(client, documents, SIZES[i]);
      }
      Figures.record("upserts.1000_at_once_to_1", rates[SIZES.length - 1] / rates[0]);
    } finally {
      delete(data);
    }
  }

  private static double run(ProductClient client, SampleDocuments documents, int size)
      throws IOException, InterruptedException {
    int requests = Math.min(REQUESTS, MOST / size);
    var nanos = new long[requests];
    long total = 0;
    for (int i = 0; i < requests; i++) {
      var body = body(documents, size);
      long sent = System.nanoTime();
      client.write(NAMESPACE, body, "durable");
      nanos[i] = System.nanoTime() - sent;
      total += nanos[i];
    }
    Arrays.sort(nanos);
    double rate = (double) requests * size / (total / 1e9);
    System.out.printf(
        Locale.ROOT,
        "%-34s %,12.0f %9.2f %9.2f%n",
        "%d document%s a request".formatted(size, size == 1 ? "" : "s"),
        rate,
        nanos[requests / 2] / 1e6,
        nanos[(int) (.99 * requests)] / 1e6);
    return rate;
  }

  private static byte[] body(SampleDocuments documents, int size) {
    var body = new ByteArrayOutputStream();
    body.writeBytes("{\"documents\":[".getBytes(US_ASCII));
    for (int i = 0; i < size; i++) {
      if (i > 0) {
        body.write(',');
      }
      body.writeBytes(documents.nextLine());
    }
    body.writeBytes("]}".getBytes(US_ASCII));
    return body.toByteArray();
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
