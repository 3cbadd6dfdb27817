package io.mosaicdb.contract.document;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A document in a request. {@code title} and {@code text} are the fields of those names; other text
 * fields stand in {@code fields}.
 *
 * @param vector for a namespace whose vectors come from the client: as many finite numbers as it
 *     has dimensions
 * @param ifVersion the write takes effect only if the document has this version; 0: only if there
 *     is none
 */
public record DocumentBody(
    @Nullable String id,
    @Nullable String title,
    @Nullable String text,
    @Nullable Map<String, String> fields,
    @Nullable String url,
    @Nullable Map<String, @Nullable Object> attributes,
    float @Nullable [] vector,
    @Nullable List<LinkBody> links,
    @Nullable Long ifVersion) {
  public record LinkBody(@Nullable String url, @Nullable String text, @Nullable String rel) {}
}
