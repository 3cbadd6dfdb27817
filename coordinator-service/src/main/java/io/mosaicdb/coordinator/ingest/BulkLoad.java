package io.mosaicdb.coordinator.ingest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.mosaicdb.contract.document.WriteResponse;
import io.mosaicdb.contract.document.WriteResponse.PartitionCommit;
import io.mosaicdb.contract.error.ErrorCategory;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.coordinator.fanout.FanOut;
import io.mosaicdb.coordinator.namespace.NamespaceDefinition;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.starter.problem.FailureTranslator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * One bulk stream. The calling thread cuts it into batches; a few batches at a time are parsed,
 * checked, embedded and committed side by side, and while that many are under way nothing is read,
 * which the client feels as TCP's back-pressure. Results leave in the order of the lines.
 *
 * <p>Batches are checked in order, so that the first value of a new attribute decides its type.
 * They are committed in any order, except that a batch waits for earlier ones with which it shares
 * a document.
 */
final class BulkLoad {
  private final DocumentWriter writer;
  private final FanOut fanOut;
  private final IngestProperties limits;
  private final Patience patience;
  private final NamespaceName namespace;
  private final WriteOptions options;
  private final int batchDocuments;
  private final ObjectReader lineReader;
  private final ObjectWriter json;
  private final Map<String, CompletableFuture<Void>> busyDocuments = new HashMap<>();
  private final Map<String, Long> counts = new HashMap<>();
  private final TreeMap<Integer, PartitionCommit> lastCommits = new TreeMap<>();

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record LineResult(
      long line,
      String id,
      String status,
      @Nullable Long version,
      WriteResponse.@Nullable WriteError error) {}

  private record SummaryLine(Summary summary) {}

  private record Summary(
      long created,
      long replaced,
      long deleted,
      long notFound,
      long failed,
      WriteResponse.@Nullable CommitBody commit) {}

  /** What a batch came to. */
  private record BatchResult(List<LineResult> lines, TreeMap<Integer, PartitionCommit> commits) {}

  BulkLoad(
      DocumentWriter writer,
      FanOut fanOut,
      IngestProperties limits,
      JsonMapper mapper,
      NamespaceDefinition definition,
      WriteOptions options) {
    this.writer = writer;
    this.fanOut = fanOut;
    this.limits = limits;
    this.patience = new Patience(limits.bulkPatience());
    this.namespace = definition.name();
    this.options = options;
    this.batchDocuments =
        definition.embedsOnTheServer()
            ? Math.min(limits.bulkEmbedded(), limits.bulkDocuments())
            : limits.bulkDocuments();
    this.lineReader = mapper.readerFor(BulkLine.class);
    this.json = mapper.writer();
  }

  /** Loads all of {@code in}; returns when the last result is written. */
  void run(InputStream in, OutputStream out) throws IOException {
    try (var spool = new ResultSpool()) {
      var drained =
          fanOut.start(() -> {
            spool.drainTo(out);
            return true;
          });
      try {
        load(in, spool);
      } finally {
        spool.complete();
        var _ = FanOut.await(drained);
      }
    }
  }

  private void load(InputStream in, ResultSpool spool) throws IOException {
    var lines =
        new LineReader(
            in, batchDocuments, (int) limits.bulkSize().toBytes(), (int) limits.line().toBytes());
    Deque<Future<BatchResult>> underWay = new ArrayDeque<>();
    var checkedBefore = CompletableFuture.<Void>completedFuture(null);
    LineResult broken = null;
    try {
      while (!lines.ended() && broken == null) {
        var batch = new LineBatch();
        try {
          lines.fill(batch);
        } catch (IOException e) {
          broken = brokenStream(lines.currentLine(), e);
        }
        if (!batch.lines().isEmpty()) {
          var before = checkedBefore;
          var checked = new CompletableFuture<Void>();
          checkedBefore = checked;
          underWay.add(fanOut.start(() -> process(batch, before, checked)));
        }
        while (underWay.size() >= limits.bulkBatches()
            || (!underWay.isEmpty() && underWay.getFirst().isDone())) {
          report(FanOut.await(underWay.removeFirst()), spool);
        }
      }
      while (!underWay.isEmpty()) {
        report(FanOut.await(underWay.removeFirst()), spool);
      }
    } finally {
      underWay.forEach(future -> future.cancel(true));
    }
    if (broken != null) {
      report(new BatchResult(List.of(broken), new TreeMap<>()), spool);
    }
    spool.append(line(new SummaryLine(summary())));
  }

  private BatchResult process(
      LineBatch batch, CompletableFuture<Void> checkedBefore, CompletableFuture<Void> checked) {
    var results = new @Nullable LineResult[batch.lines().size()];
    var writes = new ArrayList<Write>(results.length);
    var positions = new ArrayList<Integer>(results.length);
    var ids = new HashSet<String>();
    var done = new CompletableFuture<Void>();
    Set<CompletableFuture<Void>> earlier = Set.of();
    var commits = new TreeMap<Integer, PartitionCommit>();
    try {
      DocumentWriter.Admitted admitted;
      try {
        parse(batch, results, writes, positions);
        checkedBefore.join();
        admitted = patiently(() -> writer.admit(namespace, writes));
        earlier = claim(writes, ids, done);
      } finally {
        checked.complete(null);
      }
      var prepared = patiently(() -> writer.prepare(admitted));
      earlier.forEach(CompletableFuture::join);
      var report = patiently(() -> writer.commit(prepared, optionsOf(batch)));
      commits.putAll(report.commits());
      for (int i = 0; i < positions.size(); i++) {
        var outcome = report.outcomes().get(i).toResult();
        int position = positions.get(i);
        results[position] =
            new LineResult(
                batch.lines().get(position).number(),
                outcome.id(),
                outcome.status(),
                outcome.version(),
                outcome.error());
      }
    } catch (RuntimeException e) {
      var failure = FailureTranslator.translate(e);
      for (int i = 0; i < positions.size(); i++) {
        int position = positions.get(i);
        results[position] =
            failed(batch.lines().get(position).number(), writes.get(i).id(), failure);
      }
    } finally {
      release(ids, done);
    }
    var all = new ArrayList<LineResult>(results.length);
    for (var result : results) {
      if (result != null) {
        all.add(result);
      }
    }
    return new BatchResult(all, commits);
  }

  private void parse(
      LineBatch batch,
      @Nullable LineResult[] results,
      List<Write> writes,
      List<Integer> positions) {
    for (int i = 0; i < results.length; i++) {
      var line = batch.lines().get(i);
      if (line.tooLong()) {
        results[i] =
            failed(
                line.number(),
                "",
                new MosaicException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "a line may have " + limits.line().toBytes() + " bytes, this one has more"));
        continue;
      }
      try {
        BulkLine parsed = lineReader.readValue(batch.bytes(), line.offset(), line.length());
        if (parsed == null) {
          throw new MosaicException(
              ErrorCode.INVALID_VALUE, "a line must be a JSON object, got null");
        }
        writes.add(parsed.toWrite());
        positions.add(i);
      } catch (JacksonException | MosaicException e) {
        results[i] = failed(line.number(), "", FailureTranslator.translate(e));
      }
    }
  }

  /** Marks the batch's documents as busy; the earlier batches that hold some of them. */
  private Set<CompletableFuture<Void>> claim(
      List<Write> writes, Set<String> ids, CompletableFuture<Void> done) {
    var earlier = new HashSet<CompletableFuture<Void>>();
    synchronized (busyDocuments) {
      for (var write : writes) {
        if (ids.add(write.id())) {
          var holder = busyDocuments.put(write.id(), done);
          if (holder != null) {
            earlier.add(holder);
          }
        }
      }
    }
    return earlier;
  }

  private void release(Set<String> ids, CompletableFuture<Void> done) {
    synchronized (busyDocuments) {
      for (var id : ids) {
        busyDocuments.remove(id, done);
      }
    }
    done.complete(null);
  }

  private WriteOptions optionsOf(LineBatch batch) {
    var key = options.idempotencyKey();
    return key == null
        ? options
        : new WriteOptions(
            options.acknowledge(), key + "/line-" + batch.lines().getFirst().number());
  }

  private <T> T patiently(Supplier<T> step) {
    return patience.with(step, e -> e.code().category() == ErrorCategory.RESOURCES);
  }

  private void report(BatchResult result, ResultSpool spool) throws IOException {
    lastCommits.putAll(latest(result.commits()));
    var bytes = new ByteArrayOutputStream(result.lines().size() * 64);
    for (var line : result.lines()) {
      counts.merge(line.status(), 1L, Long::sum);
      bytes.writeBytes(line(line));
    }
    spool.append(bytes.toByteArray());
  }

  /** Batches may be committed in another order than that of their lines. */
  private Map<Integer, PartitionCommit> latest(Map<Integer, PartitionCommit> commits) {
    var newer = new TreeMap<>(commits);
    newer
        .entrySet()
        .removeIf(commit -> {
          var known = lastCommits.get(commit.getKey());
          return known != null && known.commitSeq() > commit.getValue().commitSeq();
        });
    return newer;
  }

  private Summary summary() {
    return new Summary(
        count("created"),
        count("replaced"),
        count("deleted"),
        count("not_found"),
        count(WriteOutcome.FAILED),
        WriteReport.commitBody(namespace, lastCommits));
  }

  private long count(String status) {
    return counts.getOrDefault(status, 0L);
  }

  private byte[] line(Object value) {
    var bytes = json.writeValueAsBytes(value);
    var line = java.util.Arrays.copyOf(bytes, bytes.length + 1);
    line[bytes.length] = '\n';
    return line;
  }

  private static LineResult failed(long line, String id, MosaicException failure) {
    var result = WriteOutcome.failed(id, failure).toResult();
    return new LineResult(line, result.id(), result.status(), null, result.error());
  }

  private static LineResult brokenStream(long line, IOException cause) {
    return failed(
        line,
        "",
        new MosaicException(
            ErrorCode.MALFORMED_REQUEST,
            "the stream broke off here: " + cause.getMessage(),
            cause));
  }
}
