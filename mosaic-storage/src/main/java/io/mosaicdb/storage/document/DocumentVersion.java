package io.mosaicdb.storage.document;

import io.mosaicdb.model.document.Document;

/** A document as one commit made it; {@code version} is that commit's commit_seq. */
public record DocumentVersion(Document document, long version) {}
