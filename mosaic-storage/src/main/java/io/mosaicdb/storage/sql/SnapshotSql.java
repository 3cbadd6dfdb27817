package io.mosaicdb.storage.sql;

import io.mosaicdb.storage.search.PartitionSnapshot;
import io.mosaicdb.storage.sql.SqlException.Reason;
import io.mosaicdb.storage.sql.SqlSession.Segment;
import io.mosaicdb.storage.sql.SqlSession.UnreadableSegmentException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

/** Answers statements over snapshots of partitions. Thread-safe; for platform threads. */
public final class SnapshotSql {
  /** Parameters of one statement. */
  public static final int MOST_PARAMETERS = 1_000;

  /** Bytes of a pattern of LIKE or GLOB. */
  public static final int MOST_PATTERN_BYTES = 128;

  /** Characters of one statement. */
  public static final int MOST_CHARACTERS = SqlStatement.MOST_CHARACTERS;

  private final ScheduledExecutorService timer;

  /** {@code timer} stops statements whose time is over; owned by the caller. */
  public SnapshotSql(ScheduledExecutorService timer) {
    this.timer = timer;
  }

  /** The answer over {@code snapshots}, which are of different partitions. */
  public SqlAnswer run(SqlQuestion question, List<PartitionSnapshot> snapshots) {
    return run(question, snapshots, List.of(), System.nanoTime());
  }

  /**
   * The answer over {@code snapshots} and what other workers extracted for the same statement.
   *
   * @param startNanos when the time of the statement began
   * @throws SqlException if there is no answer
   */
  public SqlAnswer run(
      SqlQuestion question,
      List<PartitionSnapshot> snapshots,
      List<Path> extracts,
      long startNanos) {
    var guard = new RunawayGuard(question.limits(), startNanos, timer);
    var columns = new DocumentColumns(question.schema());
    var statement = check(question, columns, guard);
    var scope = new Scope(snapshots, question.partial());
    while (true) {
      try (var session = new SqlSession(statement, question.schema(), columns, guard, null)) {
        for (Path extract : extracts) {
          session.add(extract);
        }
        session.add(
            scope.segments(), Math.max(0, question.limits().attachedShards() - extracts.size()));
        return session.run(
            question.parameters(), question.limits(), scope.coverage(session.pruned()));
      } catch (UnreadableSegmentException e) {
        scope.fail(e);
      } catch (SQLException e) {
        throw SqlErrors.of(e, guard);
      }
    }
  }

  /**
   * Writes into {@code target}, a file that is created, the rows and columns that the statement
   * reads of {@code snapshots}, for the worker that runs it.
   *
   * @throws SqlException if there is no answer
   */
  public SqlCoverage extract(
      SqlQuestion question, List<PartitionSnapshot> snapshots, Path target, long startNanos) {
    var guard = new RunawayGuard(question.limits(), startNanos, timer);
    var columns = new DocumentColumns(question.schema());
    var statement = check(question, columns, guard);
    var scope = new Scope(snapshots, question.partial());
    try (var session = new SqlSession(statement, question.schema(), columns, guard, target)) {
      session.add(scope.segments(), 0);
      return scope.coverage(session.pruned());
    } catch (UnreadableSegmentException e) {
      scope.fail(e);
      throw new SqlException(
          Reason.UNREADABLE, "shard " + e.segment().name() + ": " + e.getMessage(), e);
    } catch (SQLException e) {
      throw SqlErrors.of(e, guard);
    }
  }

  private static CheckedStatement check(
      SqlQuestion question, DocumentColumns columns, RunawayGuard guard) {
    var statement =
        new StatementCheck(columns, question.limits().memoryBytes()).check(question, guard);
    int given = question.parameters().size();
    if (given != statement.parameters()) {
      throw new SqlException(
          Reason.PARAMETERS,
          "must have " + statement.parameters() + " values, one a ?, got " + given);
    }
    return statement;
  }

  /** The segments to read, fewer once some turned out not to be readable. */
  private static final class Scope {
    private final List<Segment> segments = new ArrayList<>();
    private final List<SqlCoverage.Failed> failed = new ArrayList<>();
    private final boolean partial;
    private final int total;

    Scope(List<PartitionSnapshot> snapshots, boolean partial) {
      this.partial = partial;
      for (PartitionSnapshot snapshot : snapshots) {
        snapshot.segments().forEach(view -> segments.add(new Segment(snapshot.partition(), view)));
        snapshot
            .missing()
            .forEach(each ->
                failed.add(
                    new SqlCoverage.Failed(snapshot.partition(), each.shardId(), each.reason())));
      }
      total = segments.size() + failed.size();
      requireAllowed();
    }

    List<Segment> segments() {
      return segments;
    }

    void fail(UnreadableSegmentException e) {
      segments.remove(e.segment());
      failed.add(
          new SqlCoverage.Failed(
              e.segment().partition(), e.segment().name(), String.valueOf(e.getMessage())));
      requireAllowed();
    }

    private void requireAllowed() {
      if (failed.isEmpty() || partial) {
        return;
      }
      var first = failed.getFirst();
      throw new SqlException(
          Reason.UNREADABLE,
          "%d of %d shards cannot be read, %s: %s"
              .formatted(failed.size(), total, first.shardId(), first.reason()));
    }

    SqlCoverage coverage(int pruned) {
      return new SqlCoverage(total, pruned, failed);
    }
  }
}
