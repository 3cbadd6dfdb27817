package io.mosaicdb.coordinator.ingest;

import io.mosaicdb.contract.document.DocumentBody;
import io.mosaicdb.model.document.Passage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One operation as a user asks for it: exactly one of {@code upsert} and {@code delete} is given.
 *
 * @param ifVersion see {@link io.mosaicdb.model.document.Operation}
 * @param passages what stands for the document already; null: to be made
 * @param model whose vectors those passages have, as commits name it; null: the client's, or none
 * @param pointer where it stands in the request
 */
public record Write(
    @Nullable DocumentBody upsert,
    @Nullable String delete,
    @Nullable Long ifVersion,
    @Nullable List<Passage> passages,
    @Nullable String model,
    String pointer) {
  public static Write upsert(DocumentBody document, String pointer) {
    return new Write(document, null, document.ifVersion(), null, null, pointer);
  }

  public static Write delete(@Nullable String id, String pointer) {
    return new Write(null, id == null ? "" : id, null, null, null, pointer);
  }

  public Write ifVersion(long version) {
    return new Write(upsert, delete, version, passages, model, pointer);
  }

  Write keeping(List<Passage> kept, @Nullable String of) {
    return new Write(upsert, delete, ifVersion, kept, of, pointer);
  }

  /** The same, to be embedded. */
  Write keepingNothing() {
    return new Write(upsert, delete, ifVersion, null, null, pointer);
  }

  /** The id as it was given; it may be empty or unfit. */
  String id() {
    var id = upsert == null ? delete : upsert.id();
    return id == null ? "" : id;
  }
}
