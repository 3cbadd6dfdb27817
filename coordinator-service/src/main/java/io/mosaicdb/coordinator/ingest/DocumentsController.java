package io.mosaicdb.coordinator.ingest;

import io.mosaicdb.contract.document.WriteRequest;
import io.mosaicdb.contract.document.WriteResponse;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.coordinator.namespace.NamespacePath;
import io.mosaicdb.coordinator.task.Tasks;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Writes of many documents in one request. */
@RestController
@RequestMapping("/v1/namespaces/{namespace}/documents")
class DocumentsController {
  private final DocumentWriter writer;
  private final DocumentChanges changes;
  private final WritesOfARequest writes;
  private final IndexTask later;
  private final Tasks tasks;

  /** {@code filter} as in a search. */
  record DeleteRequest(@Nullable Map<String, @Nullable Object> filter) {}

  record DeleteResponse(long deleted, WriteResponse.@Nullable CommitBody commit) {}

  DocumentsController(
      DocumentWriter writer,
      DocumentChanges changes,
      WritesOfARequest writes,
      IndexTask later,
      Tasks tasks) {
    this.writer = writer;
    this.changes = changes;
    this.writes = writes;
    this.later = later;
    this.tasks = tasks;
  }

  /**
   * With {@code async=true} the answer is 202 and a task, whose result is what this answers
   * otherwise; the request is on disk by then.
   */
  @PostMapping
  ResponseEntity<?> write(
      @PathVariable String namespace,
      @RequestBody WriteRequest request,
      @RequestParam(required = false) @Nullable String wait,
      @RequestParam(name = "async", defaultValue = "false") boolean async,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
      @RequestHeader(name = "If-None-Match", required = false) @Nullable String ifNoneMatch) {
    var name = NamespacePath.parse(namespace);
    var options = WriteOptions.of(wait, idempotencyKey);
    var precondition = Precondition.of(ifMatch, ifNoneMatch);
    var operations = writes.of(request);
    if (operations.size() > 1 && !(precondition instanceof Precondition.None)) {
      throw MosaicException.invalidValue(
          "If-Match",
          "stands for one document; with " + operations.size() + " give each its if_version");
    }
    if (!async) {
      return ResponseEntity.ok(
          IndexTask.write(writer, changes, name, operations, precondition, options).toResponse());
    }
    var input =
        new IndexTask.Input(
            name.value(), request, options.acknowledge(), idempotencyKey, ifMatch, ifNoneMatch);
    var task = later.start(tasks, input, operations.size());
    return ResponseEntity.accepted().location(URI.create("/v1/tasks/" + task.id())).body(task);
  }

  @PostMapping("/delete")
  DeleteResponse deleteMatching(
      @PathVariable String namespace, @RequestBody DeleteRequest request) {
    var name = NamespacePath.parse(namespace);
    if (request.filter() == null) {
      throw MosaicException.invalidValue(
          "/filter", "must be given; to delete everything delete the namespace");
    }
    var deleted = changes.deleteMatching(name, request.filter());
    return new DeleteResponse(deleted.count(), deleted.report().commitBody());
  }
}
