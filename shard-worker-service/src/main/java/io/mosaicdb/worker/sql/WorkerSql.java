package io.mosaicdb.worker.sql;

import static java.util.stream.Collectors.toMap;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchResponse;
import io.mosaicdb.contract.worker.WorkerSqlExtract;
import io.mosaicdb.contract.worker.WorkerSqlRequest;
import io.mosaicdb.contract.worker.WorkerSqlResponse;
import io.mosaicdb.contract.worker.WorkerSqlResponse.SqlScope;
import io.mosaicdb.storage.partition.Partition;
import io.mosaicdb.storage.search.PartitionSnapshot;
import io.mosaicdb.storage.sql.SnapshotSql;
import io.mosaicdb.storage.sql.SqlCoverage;
import io.mosaicdb.storage.sql.SqlException;
import io.mosaicdb.storage.sql.SqlLimits;
import io.mosaicdb.storage.sql.SqlQuestion;
import io.mosaicdb.worker.namespace.DiskThreads;
import io.mosaicdb.worker.namespace.Namespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Answers SQL over this worker's partitions. Requests wait on their own (virtual) threads. */
public final class WorkerSql {
  // A statement is stopped at its deadline; a single long call inside SQLite may overstay, and is
  // then not waited for.
  private static final Duration GRACE = Duration.ofMillis(500);
  private static final int EMPTY_FILE = 1 << 16;
  private static final int PIECE = 8 << 20;

  private final ExecutorService threads;
  private final SnapshotSql sql;
  private final WorkerSqlProperties limits;

  WorkerSql(ExecutorService threads, SnapshotSql sql, WorkerSqlProperties limits) {
    this.threads = threads;
    this.sql = sql;
    this.limits = limits;
  }

  public WorkerSqlResponse answer(Namespace namespace, WorkerSqlRequest request) {
    long start = System.nanoTime();
    var question = question(namespace, request);
    return call(
        request,
        () -> {
          var snapshots = snapshots(namespace, request);
          var extracts = new ArrayList<Path>();
          try {
            if (request.extracts() != null) {
              for (List<byte[]> pieces : request.extracts()) {
                extracts.add(Files.createTempFile("mosaic-sql", ".db"));
                write(pieces, extracts.getLast());
              }
            }
            var answer = sql.run(question, snapshots, extracts, start);
            return new WorkerSqlResponse(
                answer.columns(),
                answer.rows(),
                answer.truncated(),
                scope(snapshots, answer.coverage()));
          } finally {
            for (Path extract : extracts) {
              Files.deleteIfExists(extract);
            }
          }
        });
  }

  public WorkerSqlExtract extract(Namespace namespace, WorkerSqlRequest request) {
    long start = System.nanoTime();
    var question = question(namespace, request);
    return call(
        request,
        () -> {
          var snapshots = snapshots(namespace, request);
          var file = Files.createTempFile("mosaic-sql", ".db");
          try {
            var coverage = sql.extract(question, snapshots, file, start);
            requireSmall(Files.size(file));
            return new WorkerSqlExtract(pieces(file), scope(snapshots, coverage));
          } finally {
            Files.deleteIfExists(file);
          }
        });
  }

  private void requireSmall(long bytes) {
    long most = limits.extractSize().toBytes() + EMPTY_FILE;
    if (bytes > most) {
      throw MosaicException.at(
          ErrorCode.SQL_TOO_LARGE,
          "/sql",
          "reads %d bytes of one worker; %d may go to the one that answers. Name fewer columns, or narrow WHERE to one table"
              .formatted(bytes, most));
    }
  }

  private static List<byte[]> pieces(Path file) throws IOException {
    var pieces = new ArrayList<byte[]>();
    try (var in = Files.newInputStream(file)) {
      for (var piece = in.readNBytes(PIECE); piece.length > 0; piece = in.readNBytes(PIECE)) {
        pieces.add(piece);
      }
    }
    return pieces;
  }

  private static void write(List<byte[]> pieces, Path file) throws IOException {
    try (var out = Files.newOutputStream(file)) {
      for (byte[] piece : pieces) {
        out.write(piece);
      }
    }
  }

  private SqlQuestion question(Namespace namespace, WorkerSqlRequest request) {
    return new SqlQuestion(
        request.sql(),
        request.params(),
        namespace.schema(),
        new SqlLimits(
            Duration.ofMillis(request.timeoutMs()),
            request.maxRows(),
            limits.resultSize().toBytes(),
            limits.memory().toBytes(),
            limits.temporarySpace().toBytes(),
            SqlLimits.MOST_ATTACHED),
        request.allowPartial());
  }

  private static List<PartitionSnapshot> snapshots(Namespace namespace, WorkerSqlRequest request) {
    var partitions =
        request.partitions() == null
            ? namespace.partitions()
            : request.partitions().stream().map(namespace::partition).toList();
    return partitions.stream().map(Partition::snapshot).toList();
  }

  private static SqlScope scope(List<PartitionSnapshot> snapshots, SqlCoverage coverage) {
    var partitions = new TreeMap<String, SearchResponse.PartitionSnapshot>();
    for (PartitionSnapshot snapshot : snapshots) {
      partitions.put(
          Integer.toString(snapshot.partition()),
          new SearchResponse.PartitionSnapshot(snapshot.generation(), snapshot.commitSeq()));
    }
    return new SqlScope(
        partitions,
        new SearchResponse.ShardsBody(
            coverage.segments(),
            coverage.read(),
            coverage.pruned(),
            0,
            coverage.failed().size(),
            0,
            coverage.failed().stream().map(SqlCoverage.Failed::shardId).toList(),
            coverage.failed().stream()
                .collect(
                    toMap(
                        SqlCoverage.Failed::shardId, SqlCoverage.Failed::reason, (one, _) -> one))),
        coverage.failed().stream()
            .map(failed ->
                new SearchResponse.DegradedBody(
                    "shard_unreadable",
                    "shard %s of partition %d: %s"
                        .formatted(failed.shardId(), failed.partition(), failed.reason())))
            .toList());
  }

  private <T> T call(WorkerSqlRequest request, Callable<T> work) {
    try {
      return threads
          .submit(work)
          .get(
              Duration.ofMillis(request.timeoutMs()).plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException _) {
      throw DiskThreads.overloaded(limits.queue());
    } catch (TimeoutException _) {
      throw new MosaicException(
          ErrorCode.DEADLINE_EXCEEDED,
          "the statement was not done within %d ms".formatted(request.timeoutMs()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MosaicException(ErrorCode.WORKER_UNAVAILABLE, "the worker is stopping", e);
    } catch (ExecutionException e) {
      throw asThrown(e);
    }
  }

  private static RuntimeException asThrown(ExecutionException e) {
    return switch (e.getCause()) {
      case SqlException failure -> problem(failure);
      case IOException failure -> new UncheckedIOException(failure);
      case RuntimeException failure -> failure;
      case Error error -> throw error;
      case null, default -> new IllegalStateException(e.getCause());
    };
  }

  private static MosaicException problem(SqlException e) {
    var message = String.valueOf(e.getMessage());
    return switch (e.reason()) {
      case STATEMENT -> MosaicException.at(ErrorCode.INVALID_SQL, "/sql", message);
      case PARAMETERS -> MosaicException.at(ErrorCode.INVALID_VALUE, "/params", message);
      case TOO_LARGE -> MosaicException.at(ErrorCode.SQL_TOO_LARGE, "/sql", message);
      // Without a cause: the worker is well, the caller's time ran out.
      case TIMED_OUT -> new MosaicException(ErrorCode.DEADLINE_EXCEEDED, message);
      case UNREADABLE ->
          new MosaicException(
              ErrorCode.PARTIAL_NOT_ALLOWED, message, List.of(), Duration.ofSeconds(1), e);
    };
  }
}
