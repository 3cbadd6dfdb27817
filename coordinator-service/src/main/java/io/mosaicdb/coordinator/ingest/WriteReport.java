package io.mosaicdb.coordinator.ingest;

import io.mosaicdb.contract.document.WriteResponse;
import io.mosaicdb.contract.document.WriteResponse.PartitionCommit;
import io.mosaicdb.coordinator.position.Position;
import io.mosaicdb.model.NamespaceName;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The outcomes of a request's operations, in its order, and the commits that they made. */
public record WriteReport(
    NamespaceName namespace,
    List<WriteOutcome> outcomes,
    SortedMap<Integer, PartitionCommit> commits) {

  public WriteResponse toResponse() {
    return new WriteResponse(
        outcomes.stream().map(WriteOutcome::toResult).toList(), commitBody(namespace, commits));
  }

  /** Null where nothing was committed. */
  public WriteResponse.@Nullable CommitBody commitBody() {
    return commitBody(namespace, commits);
  }

  static WriteResponse.@Nullable CommitBody commitBody(
      NamespaceName namespace, SortedMap<Integer, PartitionCommit> commits) {
    if (commits.isEmpty()) {
      return null;
    }
    var seqs = new TreeMap<Integer, Long>();
    var named = new java.util.LinkedHashMap<String, PartitionCommit>();
    commits.forEach((partition, commit) -> {
      seqs.put(partition, commit.commitSeq());
      named.put(String.valueOf(partition), commit);
    });
    return new WriteResponse.CommitBody(Position.of(namespace, seqs).token(), named);
  }
}
