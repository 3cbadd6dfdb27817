package io.mosaicdb.storage.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * CRC32C over everything an entry says, so that a payload under a wrong number is damage too: seq,
 * epoch and milliseconds as big-endian longs, then operation id and commit id in UTF-8, each
 * followed by a zero byte (an absent operation id is a single 0xff byte), then the payload.
 */
final class EntryChecksum {
  private EntryChecksum() {}

  static long of(
      long seq,
      long epoch,
      long millis,
      @Nullable String operationId,
      String commitId,
      byte[] payload) {
    var operation =
        operationId == null ? new byte[] {-1} : operationId.getBytes(StandardCharsets.UTF_8);
    var id = commitId.getBytes(StandardCharsets.UTF_8);
    var head =
        ByteBuffer.allocate(26 + operation.length + id.length)
            .putLong(seq)
            .putLong(epoch)
            .putLong(millis)
            .put(operation)
            .put((byte) 0)
            .put(id)
            .put((byte) 0);
    var crc = new CRC32C();
    crc.update(head.flip());
    crc.update(payload);
    return crc.getValue();
  }
}
