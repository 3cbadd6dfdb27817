package io.mosaicdb.coordinator.ingest;

import io.mosaicdb.contract.document.WriteRequest;
import io.mosaicdb.contract.document.WriteResponse;
import io.mosaicdb.contract.error.ErrorCategory;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.task.TaskBody;
import io.mosaicdb.coordinator.task.TaskKind;
import io.mosaicdb.coordinator.task.TaskRun;
import io.mosaicdb.coordinator.task.TaskWork;
import io.mosaicdb.coordinator.task.Tasks;
import io.mosaicdb.model.NamespaceName;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.dataformat.cbor.CBORMapper;

/**
 * A write that its sender does not wait for. The request is on disk before the sender hears of the
 * task, and is applied once however often the task runs: its commits carry the task's id as their
 * idempotency key, unless the sender gave one.
 */
final class IndexTask implements TaskKind {
  private final WritesOfARequest writes;
  private final DocumentWriter writer;
  private final DocumentChanges changes;
  private final Patience patience;
  private final CBORMapper cbor = new CBORMapper();

  /** The request as it is kept. */
  record Input(
      String namespace,
      WriteRequest request,
      String acknowledge,
      @Nullable String idempotencyKey,
      @Nullable String ifMatch,
      @Nullable String ifNoneMatch) {}

  IndexTask(
      WritesOfARequest writes,
      DocumentWriter writer,
      DocumentChanges changes,
      IngestProperties limits) {
    this.writes = writes;
    this.writer = writer;
    this.changes = changes;
    this.patience = new Patience(limits.bulkPatience());
  }

  @Override
  public String name() {
    return "index";
  }

  TaskBody start(Tasks tasks, Input input, int operations) {
    return tasks.start(this, cbor.writeValueAsBytes(input), operations, "documents");
  }

  @Override
  public TaskWork work(byte[] bytes) {
    var input = cbor.readValue(bytes, Input.class);
    return run -> {
      run.stopIfCanceled();
      return patience.with(() -> write(input, run), e -> isWorthWaiting(e, run));
    };
  }

  private WriteResponse write(Input input, TaskRun run) {
    var key = input.idempotencyKey() == null ? "task/" + run.id() : input.idempotencyKey();
    var report =
        write(
            writer,
            changes,
            new NamespaceName(input.namespace()),
            writes.of(input.request()),
            Precondition.of(input.ifMatch(), input.ifNoneMatch()),
            new WriteOptions(input.acknowledge(), key));
    return report.toResponse();
  }

  /** What one request writes, whoever waits for it. */
  static WriteReport write(
      DocumentWriter writer,
      DocumentChanges changes,
      NamespaceName namespace,
      List<Write> writes,
      Precondition precondition,
      WriteOptions options) {
    return writes.size() == 1
        ? changes.write(namespace, writes.getFirst(), precondition, options)
        : writer.write(namespace, writes, options);
  }

  /** Right after a restart the services behind may still be on their way. */
  private static boolean isWorthWaiting(MosaicException failure, TaskRun run) {
    if (run.cancelRequested()) {
      return false;
    }
    var category = failure.code().category();
    return category == ErrorCategory.RESOURCES
        || (run.resumed() && category == ErrorCategory.UNAVAILABLE);
  }
}
