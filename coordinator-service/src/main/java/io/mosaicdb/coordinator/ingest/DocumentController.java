package io.mosaicdb.coordinator.ingest;

import io.mosaicdb.contract.document.DocumentBody;
import io.mosaicdb.contract.document.StoredDocument;
import io.mosaicdb.contract.document.WriteResponse;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.coordinator.namespace.NamespacePath;
import io.mosaicdb.model.DocumentId;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One document at its own address; the address may hold any id, slashes included. */
@RestController
@RequestMapping("/v1/namespaces/{namespace}/documents/{*id}")
class DocumentController {
  private static final String BEFORE_ID = "/documents/";
  private final DocumentReader reader;
  private final DocumentChanges changes;
  private final JsonMapper mapper;

  /** The answer to a change of one document. */
  record Changed(WriteResponse.Result result, WriteResponse.@Nullable CommitBody commit) {}

  DocumentController(DocumentReader reader, DocumentChanges changes, JsonMapper mapper) {
    this.reader = reader;
    this.changes = changes;
    this.mapper = mapper;
  }

  @GetMapping
  ResponseEntity<StoredDocument> read(
      @PathVariable String namespace,
      @RequestParam(name = "include_vector", defaultValue = "false") boolean includeVector,
      @RequestParam(name = "as_of", required = false) @Nullable String asOf,
      HttpServletRequest request) {
    var document = reader.load(NamespacePath.parse(namespace), id(request), includeVector, asOf);
    return ResponseEntity.ok().eTag("\"" + document.version() + "\"").body(document);
  }

  @PutMapping
  ResponseEntity<Changed> put(
      @PathVariable String namespace,
      @RequestBody DocumentBody body,
      @RequestParam(required = false) @Nullable String wait,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
      @RequestHeader(name = "If-None-Match", required = false) @Nullable String ifNoneMatch,
      HttpServletRequest request) {
    var id = id(request);
    if (body.id() != null && !body.id().equals(id.value())) {
      throw MosaicException.invalidValue("/id", "must be absent or the address's, '" + id + "'");
    }
    var document =
        new DocumentBody(
            id.value(),
            body.title(),
            body.text(),
            body.fields(),
            body.url(),
            body.attributes(),
            body.vector(),
            body.links(),
            body.ifVersion());
    var report =
        changes.write(
            NamespacePath.parse(namespace),
            Write.upsert(document, ""),
            Precondition.of(ifMatch, ifNoneMatch),
            WriteOptions.of(wait, idempotencyKey));
    boolean created = report.outcomes().getFirst().status().equals("created");
    return changed(report, created ? HttpStatus.CREATED : HttpStatus.OK);
  }

  @PatchMapping
  ResponseEntity<Changed> patch(
      @PathVariable String namespace,
      @RequestBody JsonNode body,
      @RequestParam(required = false) @Nullable String wait,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
      HttpServletRequest request) {
    var report =
        changes.patch(
            NamespacePath.parse(namespace),
            id(request),
            DocumentPatch.parse(body, mapper),
            Precondition.of(ifMatch, null),
            WriteOptions.of(wait, idempotencyKey));
    return changed(report, HttpStatus.OK);
  }

  @DeleteMapping
  ResponseEntity<Changed> delete(
      @PathVariable String namespace,
      @RequestParam(required = false) @Nullable String wait,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
      HttpServletRequest request) {
    var name = NamespacePath.parse(namespace);
    var id = id(request);
    // A namespace is made by writing to it, not by deleting from it.
    var _ = reader.load(name, id, false);
    var report =
        changes.write(
            name,
            Write.delete(id.value(), "id"),
            Precondition.of(ifMatch, null),
            WriteOptions.of(wait, idempotencyKey));
    if (report.outcomes().getFirst().status().equals("not_found")) {
      throw DocumentReader.notFound(name, id);
    }
    return changed(report, HttpStatus.OK);
  }

  private static ResponseEntity<Changed> changed(WriteReport report, HttpStatus status) {
    var result = report.outcomes().getFirst().toResult();
    var answer = ResponseEntity.status(status);
    if (result.version() != null && !result.status().equals("deleted")) {
      answer.eTag("\"" + result.version() + "\"");
    }
    return answer.body(new Changed(result, report.commitBody()));
  }

  /**
   * The rest of the address, decoded as a whole: an encoded slash is part of the id as a bare one
   * is.
   */
  private static DocumentId id(HttpServletRequest request) {
    var uri = request.getRequestURI();
    var encoded = uri.substring(uri.indexOf(BEFORE_ID) + BEFORE_ID.length());
    if (encoded.isEmpty()) {
      throw new MosaicException(ErrorCode.NOT_FOUND, "the address names no document");
    }
    String id;
    try {
      id = UriUtils.decode(encoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw MosaicException.invalidValue("id", "is not percent-encoded: " + e.getMessage());
    }
    return DocumentCheck.id(id, "id");
  }
}
