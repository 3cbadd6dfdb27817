package io.mosaicdb.coordinator.ingest;

import io.mosaicdb.contract.document.WriteRequest;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import java.util.ArrayList;
import java.util.List;

/** Takes a request of many operations apart. */
record WritesOfARequest(IngestProperties limits) {
  /**
   * Upserts, then deletes.
   *
   * @throws MosaicException if there is none, too many, or a null among them
   */
  List<Write> of(WriteRequest request) {
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
