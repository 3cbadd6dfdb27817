package io.mosaicdb.model;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Maps a document id to one of 1,024 hash slots, and a slot to the partition that owns it.
 *
 * <p>The slot is CRC-32C (RFC 3720, appendix B.4) of the id's UTF-8 bytes, modulo 1,024: it depends
 * on nothing but the id, so that any process computes the same one. Partitions own contiguous,
 * equally large ranges of slots.
 */
public final class HashSlots {
  public static final int COUNT = 1024;

  private HashSlots() {}

  public static int slotOf(DocumentId id) {
    var crc = new CRC32C();
    crc.update(id.value().getBytes(StandardCharsets.UTF_8));
    return (int) (crc.getValue() % COUNT);
  }

  /** The partition, of {@code partitions}, that owns {@code id}'s slot. */
  public static int partitionOf(DocumentId id, int partitions) {
    if (partitions < 1 || partitions > COUNT) {
      throw new IllegalArgumentException(
          "partitions must be between 1 and " + COUNT + ", got " + partitions);
    }
    return (int) ((long) slotOf(id) * partitions / COUNT);
  }
}
