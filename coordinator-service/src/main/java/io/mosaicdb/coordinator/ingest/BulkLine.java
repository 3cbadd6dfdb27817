package io.mosaicdb.coordinator.ingest;

import io.mosaicdb.contract.document.DocumentBody;
import io.mosaicdb.contract.error.MosaicException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A line of a bulk stream: a document, or {@code {"delete": "id"}}. */
record BulkLine(
    @Nullable String id,
    @Nullable String title,
    @Nullable String text,
    @Nullable Map<String, String> fields,
    @Nullable String url,
    @Nullable Map<String, @Nullable Object> attributes,
    float @Nullable [] vector,
    @Nullable List<DocumentBody.LinkBody> links,
    @Nullable Long ifVersion,
    @Nullable String delete) {
  Write toWrite() {
    if (delete == null) {
      return Write.upsert(
          new DocumentBody(id, title, text, fields, url, attributes, vector, links, ifVersion), "");
    }
    if (id != null
        || title != null
        || text != null
        || fields != null
        || url != null
        || attributes != null
        || vector != null
        || links != null) {
      throw MosaicException.invalidValue("/delete", "stands alone, or with if_version");
    }
    var write = Write.delete(delete, "/delete");
    return ifVersion == null ? write : write.ifVersion(ifVersion);
  }
}
