package io.mosaicdb.contract.document;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A document as it is kept.
 *
 * @param version the commit_seq that made it; the ETag
 * @param shardId the shard that holds it, null while it is in the live segment
 */
public record StoredDocument(
    String id,
    @Nullable String title,
    @Nullable String text,
    @Nullable Map<String, String> fields,
    @Nullable String url,
    Map<String, Object> attributes,
    List<DocumentBody.LinkBody> links,
    @Nullable List<PassageBody> passages,
    long version,
    @Nullable String shardId) {
  /** {@code vector} only where it was asked for. */
  public record PassageBody(int start, int end, float @Nullable [] vector) {}
}
