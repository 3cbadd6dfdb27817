package io.mosaicdb.storage.partition;

import io.mosaicdb.model.DocumentId;
import io.mosaicdb.model.InvalidInputException;
import io.mosaicdb.model.document.CommitBatch;
import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.document.Operation;
import io.mosaicdb.model.document.Passage;
import io.mosaicdb.model.document.Vectors;
import io.mosaicdb.model.schema.AttributeValues;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.shard.ShardSchema;
import io.mosaicdb.storage.vector.VectorMetric;

/**
 * What is in the log must be applicable, now and at every replay: a commit that cannot be applied
 * would stop the partition for good. So it is checked before it is appended, whoever sent it.
 */
final class CommitCheck {
  private CommitCheck() {}

  /**
   * Throws unless the commit fits the schema.
   *
   * @throws InvalidInputException naming the operation, the rule and the value
   */
  static void check(CommitBatch batch, Schema schema) {
    var metric = ShardSchema.vectorMetric(schema.vector().metric());
    for (int i = 0; i < batch.operations().size(); i++) {
      Operation operation = batch.operations().get(i);
      var pointer = "/operations/" + i;
      try {
        new DocumentId(operation.id());
      } catch (IllegalArgumentException e) {
        throw new InvalidInputException(pointer + "/id", String.valueOf(e.getMessage()));
      }
      if (operation.upsert() != null) {
        check(operation.upsert(), schema, metric, pointer);
      }
    }
  }

  private static void check(Document document, Schema schema, VectorMetric metric, String pointer) {
    for (String field : document.fields().keySet()) {
      if (!schema.fields().containsKey(field)) {
        throw new InvalidInputException(
            pointer + "/fields" + InvalidInputException.token(field),
            "is not a field of the schema");
      }
    }
    document
        .attributes()
        .forEach((name, value) -> {
          var attribute = schema.attributes().get(name);
          var at = pointer + "/attributes" + InvalidInputException.token(name);
          if (attribute == null) {
            throw new InvalidInputException(at, "is not an attribute of the schema");
          }
          AttributeValues.stored(value, attribute.type(), at);
        });
    int bytes = schema.vector().dimensions() * Float.BYTES;
    for (int i = 0; i < document.passages().size(); i++) {
      Passage passage = document.passages().get(i);
      var at = pointer + "/passages/" + i + "/vector";
      if (passage.vector().length != bytes) {
        throw new InvalidInputException(
            at, "must have " + bytes + " bytes, got " + passage.vector().length);
      }
      try {
        metric.prepare(Vectors.toFloats(passage.vector()));
      } catch (IllegalArgumentException e) {
        throw new InvalidInputException(at, String.valueOf(e.getMessage()));
      }
    }
  }
}
