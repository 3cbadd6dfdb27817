package io.mosaicdb.storage.document;

import io.mosaicdb.model.document.Link;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What of a document a graph of links is made of. */
public record LinkedDocument(String id, @Nullable String url, List<Link> links) {}
