package io.mosaicdb.contract.document;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST …/documents}. Upserts come before deletes. */
public record WriteRequest(
    @Nullable List<DocumentBody> documents, @Nullable List<String> deletes) {}
