package io.mosaicdb.coordinator.ingest;

import io.mosaicdb.contract.document.WriteRequest;
import io.mosaicdb.contract.document.WriteResponse;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.coordinator.namespace.NamespacePath;
import io.mosaicdb.coordinator.task.Tasks;
import io.mosaicdb.model.NamespaceName;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
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
  private final IngestProperties limits;
  private final Tasks tasks;

  /** {@code filter} as in a search. */
  record DeleteRequest(@Nullable Map<String, @Nullable Object> filter) {}

  record DeleteResponse(long deleted, WriteResponse.@Nullable CommitBody commit) {}

  DocumentsController(
      DocumentWriter writer, DocumentChanges changes, IngestProperties limits, Tasks tasks) {
    this.writer = writer;
    this.changes = changes;
    this.limits = limits;
    this.tasks = tasks;
  }

  /**
   * With {@code async=true} the answer is 202 and a task, whose result is what this answers
   * otherwise.
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
    var writes = writes(request);
    if (writes.size() > 1 && !(precondition instanceof Precondition.None)) {
      throw MosaicException.invalidValue(
          "If-Match",
          "stands for one document; with " + writes.size() + " give each its if_version");
    }
    if (!async) {
      return ResponseEntity.ok(write(name, writes, precondition, options));
    }
    var task =
        tasks.start(
            "index", writes.size(), "documents", () -> write(name, writes, precondition, options));
    return ResponseEntity.accepted().location(URI.create("/v1/tasks/" + task.id())).body(task);
  }

  private WriteResponse write(
      NamespaceName name, List<Write> writes, Precondition precondition, WriteOptions options) {
    return writes.size() == 1
        ? changes.write(name, writes.getFirst(), precondition, options).toResponse()
        : writer.write(name, writes, options).toResponse();
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

  private List<Write> writes(WriteRequest request) {
    int upserts = request.documents() == null ? 0 : request.documents().size();
    var deletes = request.deletes() == null ? List.<String>of() : request.deletes();
    int count = upserts + deletes.size();
    if (count == 0) {
      throw MosaicException.invalidValue("/documents", "must have a document, or /deletes an id");
    }
    if (count > limits.requestOperations()) {
      throw MosaicException.at(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "/documents",
          "and /deletes may have %d entries together, got %d; use …/bulk for more"
              .formatted(limits.requestOperations(), count));
    }
    var writes = new ArrayList<Write>(count);
    if (request.documents() != null) {
      for (int i = 0; i < request.documents().size(); i++) {
        var document = request.documents().get(i);
        if (document == null) {
          throw MosaicException.invalidValue("/documents/" + i, "must be an object, got null");
        }
        writes.add(Write.upsert(document, "/documents/" + i));
      }
    }
    for (int i = 0; i < deletes.size(); i++) {
      writes.add(Write.delete(deletes.get(i), "/deletes/" + i));
    }
    return writes;
  }
}
