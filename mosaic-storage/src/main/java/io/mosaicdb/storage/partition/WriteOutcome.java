package io.mosaicdb.storage.partition;

import io.mosaicdb.model.document.WriteStatus;

/**
 * What one operation did.
 *
 * @param version the document's version now, 0 where it has none
 */
public record WriteOutcome(String id, WriteStatus status, long version) {}
