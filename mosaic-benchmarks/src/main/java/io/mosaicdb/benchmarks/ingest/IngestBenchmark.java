package io.mosaicdb.benchmarks.ingest;

import io.mosaicdb.benchmarks.product.Machine;
import io.mosaicdb.benchmarks.product.Product;
import io.mosaicdb.benchmarks.product.ProductClient;
import io.mosaicdb.model.document.CommitBatch;
import io.mosaicdb.model.document.Operation;
import io.mosaicdb.model.schema.Metric;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.model.schema.TextField;
import io.mosaicdb.model.schema.VectorField;
import io.mosaicdb.model.schema.VectorOrigin;
import io.mosaicdb.storage.document.CommitCodec;
import io.mosaicdb.storage.log.LogSettings;
import io.mosaicdb.storage.partition.CommitOutcome;
import io.mosaicdb.storage.partition.Partition;
import io.mosaicdb.storage.partition.PartitionSettings;
import io.mosaicdb.storage.partition.SealingBehindException;
import io.mosaicdb.storage.partition.ShardReaders;
import io.mosaicdb.storage.sqlite.ReadOnlySettings;
import io.mosaicdb.storage.text.TextIndexMemory;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/**
 * Documents a second, each acknowledged when it is on disk: into a partition, as the worker calls
 * it, and through the public interface as NDJSON at {@code wait=durable}. Shards are sealed
 * meanwhile; the clock stops at the last acknowledgement, and again when all is sealed.
 */
public final class IngestBenchmark {
  /** The namespace that is left in the product's data folder. */
  public static final String NAMESPACE = "bench";

  private static final int MUST = 3_500;
  private static final int AIM = 10_000;
  private static final int COMMIT = 500;

  /** Documents in one bulk request, which may have 100 MB. */
  private static final int REQUEST = 12_500;

  private static final int UNDER_WAY = 4;
  private static final int SHARD = 25_000;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private IngestBenchmark() {}

  /** Arguments: documents, the product's home, the folder for its data (emptied). */
  public static void main(String[] arguments) throws Exception {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
    var home = Path.of(arguments.length > 1 ? arguments[1] : ".").toAbsolutePath().normalize();
    var data = Path.of(arguments.length > 2 ? arguments[2] : "bench-data").toAbsolutePath();
    System.out.println(Machine.describe());
    head(count);
    delete(data);
    Files.createDirectories(data.toAbsolutePath());
    var folder = data.resolve("partition");
    try {
      intoPartition(count, folder);
    } finally {
      delete(folder);
    }
    throughInterface(count, home, data);
  }

  private static void head(int count) {
    System.out.printf(
        Locale.ROOT,
        "%,d documents of about 150 words with a vector of %d floats%n",
        count,
        SampleDocuments.DIMENSIONS);
    System.out.printf(
        "%-34s %12s %10s %10s %12s %12s %10s %9s%n",
        "", "documents/s", "of must", "of aim", "until sealed", "bytes/doc", "peak MB", "seconds");
  }

  /** Empties the folder and fills a product's namespace in it, printing what it took. */
  public static void loadThroughInterface(int count, Path home, Path data)
      throws IOException, InterruptedException {
    head(count);
    delete(data);
    Files.createDirectories(data);
    throughInterface(count, home, data);
  }

  private static void intoPartition(int count, Path folder) throws Exception {
    var documents = new SampleDocuments(count);
    var commits = new ArrayList<byte[]>();
    for (int done = 0; done < count; ) {
      var operations = new ArrayList<Operation>();
      for (; operations.size() < COMMIT && done < count; done++) {
        operations.add(Operation.upsert(documents.nextDocument()));
      }
      commits.add(CommitCodec.encode(new CommitBatch("", operations)));
    }
    var schema =
        new Schema(
            new TreeMap<>(Map.of("text", new TextField(1, "en", true, true))),
            new TreeMap<>(),
            new VectorField(SampleDocuments.DIMENSIONS, Metric.COSINE, VectorOrigin.CLIENT),
            false);
    var settings =
        new PartitionSettings(
            LogSettings.defaults(),
            ReadOnlySettings.defaults(),
            SHARD,
            256L << 20,
            Duration.ofMinutes(5),
            Duration.ofHours(24),
            3);
    try (var background = Executors.newSingleThreadExecutor();
        var cleaner = Executors.newSingleThreadScheduledExecutor();
        var partition =
            Partition.open(
                0,
                folder,
                () -> schema,
                settings,
                new Partition.Resources(
                    new TextIndexMemory(128L << 20),
                    cleaner,
                    background,
                    new ShardReaders(),
                    Clock.systemUTC()))) {
      long started = System.nanoTime();
      var underWay = new ArrayDeque<CompletableFuture<CommitOutcome>>();
      for (var commit : commits) {
        if (underWay.size() == UNDER_WAY) {
          var _ = underWay.removeFirst().get();
        }
        underWay.add(appended(partition, commit));
      }
      for (var commit : underWay) {
        var _ = commit.get();
      }
      double acknowledged = seconds(started);
      partition.seal();
      print("into a partition", count, acknowledged, seconds(started), size(folder), -1);
    }
  }

  /** Appends when there is room: sealing may be behind. */
  private static CompletableFuture<CommitOutcome> appended(Partition partition, byte[] commit)
      throws InterruptedException {
    var appended = partition.append(commit, null);
    while (appended.isCompletedExceptionally()
        && appended.exceptionNow() instanceof SealingBehindException) {
      Thread.sleep(5);
      appended = partition.append(commit, null);
    }
    return appended;
  }

  private static void throughInterface(int count, Path home, Path data)
      throws IOException, InterruptedException {
    var requests = new ArrayList<Path>();
    try {
      var documents = new SampleDocuments(count);
      for (int done = 0; done < count; ) {
        var lines = Files.createTempFile(data, "documents", ".ndjson");
        requests.add(lines);
        try (var out = new BufferedOutputStream(Files.newOutputStream(lines), 1 << 20)) {
          for (int i = 0; i < REQUEST && done < count; i++, done++) {
            out.write(documents.nextLine());
          }
        }
      }
      try (var product = Product.start(home, data.resolve("product"))) {
        var client = new ProductClient(product.address());
        client.create(NAMESPACE, namespace());
        long started = System.nanoTime();
        for (var lines : requests) {
          var _ = client.load(NAMESPACE, BodyPublishers.ofFile(lines), "durable");
        }
        double acknowledged = seconds(started);
        var described = client.describe(NAMESPACE);
        while (count >= SHARD
            && described.path("unsealed").asLong() >= SHARD
            && seconds(started) < PATIENCE.toSeconds()) {
          Thread.sleep(200);
          described = client.describe(NAMESPACE);
        }
        print(
            "through REST, NDJSON, wait=durable",
            count,
            acknowledged,
            seconds(started),
            described.path("bytes_on_disk").asLong(),
            product.peakResidentBytes().orElse(-1));
      }
    } finally {
      for (var lines : requests) {
        Files.deleteIfExists(lines);
      }
    }
  }

  /** Documents with a text and a vector of the client's. */
  public static Map<String, Object> namespace() {
    return Map.of(
        "schema",
        Map.of(
            "fields",
            Map.of("text", Map.of("type", "text", "language", "en")),
            "vector",
            Map.of(
                "dimensions", SampleDocuments.DIMENSIONS, "metric", "cosine", "source", "client")));
  }

  private static void print(
      String name, int count, double acknowledged, double sealed, long bytes, long peak) {
    double rate = count / acknowledged;
    System.out.printf(
        Locale.ROOT,
        "%-34s %,12.0f %9.2fx %9.2fx %,12.0f %,12d %10s %,9.1f%n",
        name,
        rate,
        rate / MUST,
        rate / AIM,
        count / sealed,
        bytes / count,
        peak < 0 ? "-" : String.format(Locale.ROOT, "%,d", peak >> 20),
        acknowledged);
  }

  private static double seconds(long started) {
    return (System.nanoTime() - started) / 1e9;
  }

  private static long size(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      long bytes = 0;
      for (var file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
      return bytes;
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (var files = Files.walk(folder)) {
      for (var file : List.copyOf(files.toList()).reversed()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
