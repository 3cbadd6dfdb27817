package io.mosaicdb.worker.namespace;

import io.mosaicdb.model.schema.Schema;
import java.util.function.Supplier;

/**
 * The schema of the shards that a namespace holds until it is rebuilt. Attributes join it while it
 * is in force; those who still read its shards afterwards see it as it was at the end.
 */
final class HeldSchema implements Supplier<Schema> {
  private volatile Supplier<Schema> schema;

  HeldSchema(Schema schema) {
    set(schema);
  }

  /** One that is to be: what {@code coming} says at any time, until {@link #set}. */
  HeldSchema(Supplier<Schema> coming) {
    schema = coming;
  }

  @Override
  public Schema get() {
    return schema.get();
  }

  void set(Schema now) {
    schema = () -> now;
  }
}
