package io.mosaicdb.model.document;

import java.util.List;

/**
 * The writes of one commit, in order; a later one to the same document wins.
 *
 * @param embedder id and revision of the model that made the vectors, empty where the client gave
 *     them or there are none
 */
public record CommitBatch(String embedder, List<Operation> operations) {
  public CommitBatch {
    operations = List.copyOf(operations);
  }
}
