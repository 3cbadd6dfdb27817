package io.mosaicdb.coordinator.ingest;

import io.mosaicdb.contract.document.WriteResponse;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.model.document.WriteStatus;
import org.jspecify.annotations.Nullable;

/**
 * What became of one operation.
 *
 * @param status a {@link WriteStatus}'s wire name, or {@code failed}
 * @param failure why it failed; null where it did not
 */
public record WriteOutcome(
    String id, String status, @Nullable Long version, @Nullable MosaicException failure) {
  static final String FAILED = "failed";

  static WriteOutcome failed(String id, MosaicException failure) {
    var shown = id.length() > 512 ? id.substring(0, 512) : id;
    return new WriteOutcome(shown, FAILED, null, failure);
  }

  static WriteOutcome of(String id, String status, @Nullable Long version) {
    if (status.equals(WriteStatus.PRECONDITION_FAILED.wireName())) {
      return failed(
          id,
          new MosaicException(
              ErrorCode.PRECONDITION_FAILED,
              "document '" + id + "' is not in the version that the request names"));
    }
    return new WriteOutcome(id, status, version, null);
  }

  /** This outcome's failure, thrown. */
  WriteOutcome orThrow() {
    if (failure != null) {
      throw failure;
    }
    return this;
  }

  WriteResponse.Result toResult() {
    return new WriteResponse.Result(id, status, version, failure == null ? null : error(failure));
  }

  static WriteResponse.WriteError error(MosaicException failure) {
    var code = failure.code().code();
    if (failure.errors().isEmpty()) {
      return new WriteResponse.WriteError(code, failure.detail(), null);
    }
    var first = failure.errors().getFirst();
    return new WriteResponse.WriteError(code, first.message(), first.pointer());
  }
}
