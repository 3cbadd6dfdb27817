package io.mosaicdb.contract.document;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One result an operation, in the order of the request. */
public record WriteResponse(List<Result> results, @Nullable CommitBody commit) {
  /**
   * @param status created, replaced, deleted, not_found, failed
   * @param version the version that the write made, null where it made none
   */
  public record Result(
      String id, String status, @Nullable Long version, @Nullable WriteError error) {}

  public record WriteError(String code, String message, @Nullable String pointer) {}

  /**
   * @param token an opaque position in every partition; {@code min_commit} of a search takes it
   */
  public record CommitBody(String token, Map<String, PartitionCommit> partitions) {}

  /** {@code duplicate}: the same batch, or the same Idempotency-Key, had been applied before. */
  public record PartitionCommit(long commitSeq, String commitId, boolean duplicate) {}
}
