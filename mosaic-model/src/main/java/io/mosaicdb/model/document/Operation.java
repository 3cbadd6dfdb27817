package io.mosaicdb.model.document;

import org.jspecify.annotations.Nullable;

/**
 * One write: exactly one of {@code upsert} and {@code delete} is set.
 *
 * @param version the write takes effect only if the document's current version is this one ({@link
 *     #ABSENT}: only if there is none); null: unconditionally
 */
public record Operation(
    @Nullable Document upsert, @Nullable String delete, @Nullable Long version) {
  public static final long ABSENT = 0;

  public Operation {
    if ((upsert == null) == (delete == null)) {
      throw new IllegalArgumentException("an operation is either an upsert or a delete");
    }
  }

  public static Operation upsert(Document document) {
    return new Operation(document, null, null);
  }

  public static Operation delete(String id) {
    return new Operation(null, id, null);
  }

  /** This operation, under the condition that the document's current version is {@code version}. */
  public Operation ifVersion(long version) {
    return new Operation(upsert, delete, version);
  }

  public String id() {
    if (upsert != null) {
      return upsert.id();
    }
    return java.util.Objects.requireNonNull(delete);
  }
}
