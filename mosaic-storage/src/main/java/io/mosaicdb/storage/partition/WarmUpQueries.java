package io.mosaicdb.storage.partition;

import io.mosaicdb.model.document.Vectors;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.bits.OrdinalSet;
import io.mosaicdb.storage.document.DocumentVersion;
import io.mosaicdb.storage.search.PartitionSnapshot;
import io.mosaicdb.storage.search.SearchCommand;
import io.mosaicdb.storage.search.SearchOutcome;
import io.mosaicdb.storage.search.SegmentView;
import io.mosaicdb.storage.search.SnapshotSearch;
import io.mosaicdb.storage.shard.SealedShard;
import io.mosaicdb.storage.shard.ShardSchema;
import io.mosaicdb.storage.text.TextQueryParser;
import io.mosaicdb.storage.vector.VectorQuery;
import io.mosaicdb.storage.vector.VectorSearchOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Looks up some of a shard's own documents: by id, by their first words and by their vectors. It
 * reads what the first searches would wait for, and a shard that does not find what it holds is not
 * served.
 */
final class WarmUpQueries implements WarmUp {
  private static final int DOCUMENTS = 3;
  private static final int WORDS = 6;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Override
  public void run(SealedShard shard, Schema schema) throws IOException {
    int documents = shard.documentCount();
    var chosen = new TreeSet<Integer>();
    for (int i = 0; i < DOCUMENTS && documents > 0; i++) {
      chosen.add((int) ((long) i * (documents - 1) / Math.max(1, DOCUMENTS - 1)));
    }
    var pool = Executors.newSingleThreadExecutor(Thread.ofPlatform().name("warm-up").factory());
    try {
      for (int document : chosen) {
        ask(shard, schema, document, pool);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("warm-up was interrupted", e);
    } catch (RuntimeException e) {
      throw new IOException("warm-up failed: " + e.getMessage(), e);
    } finally {
      pool.shutdown();
    }
  }

  private static void ask(SealedShard shard, Schema schema, int document, ExecutorService pool)
      throws IOException, InterruptedException {
    var version = shard.load(new int[] {document}, true).getFirst();
    if (!version.document().id().equals(shard.id(document))) {
      throw new IOException(
          "warm-up failed: document %d is '%s', not '%s'"
              .formatted(document, version.document().id(), shard.id(document)));
    }
    var words = words(version);
    var vector = vector(version, schema);
    var parser = new TextQueryParser(ShardSchema.indexedFields(schema));
    var command =
        new SearchCommand(
            words.isEmpty() ? null : parser.parse(words),
            vector,
            VectorSearchOptions.DEFAULT,
            null,
            1,
            null,
            PATIENCE);
    var view = SegmentView.of(shard, OrdinalSet.all(shard.documentCount()));
    var snapshot = new PartitionSnapshot(0, 0, 0, List.of(view), List.of());
    var outcome = new SnapshotSearch(pool, 1).search(List.of(snapshot), command);
    for (var report : outcome.segments()) {
      if (report.state() != SearchOutcome.State.SEARCHED
          && report.state() != SearchOutcome.State.PRUNED) {
        throw new IOException(
            "warm-up failed: a search ended as %s %s".formatted(report.state(), report.reason()));
      }
    }
    if (vector != null && outcome.vector().isEmpty()) {
      throw new IOException(
          "warm-up failed: the vector of '%s' finds nothing".formatted(version.document().id()));
    }
  }

  /** Without signs, which would mean something else. */
  private static String words(DocumentVersion version) {
    var found = new StringBuilder();
    int count = 0;
    for (String text : version.document().fields().values()) {
      var start = text.length() > 500 ? text.substring(0, 500) : text;
      for (String word : start.split("[^\\p{L}\\p{N}]+", -1)) {
        if (!word.isEmpty() && count < WORDS) {
          found.append(count++ == 0 ? "" : " ").append(word);
        }
      }
    }
    return found.toString();
  }

  private static @Nullable VectorQuery vector(DocumentVersion version, Schema schema) {
    var passages = version.document().passages();
    return passages.isEmpty() || !schema.vector().present()
        ? null
        : VectorQuery.of(
            ShardSchema.vectorMetric(schema.vector().metric()),
            Vectors.toFloats(passages.getFirst().vector()));
  }
}
