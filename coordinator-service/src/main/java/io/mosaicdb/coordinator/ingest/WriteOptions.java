package io.mosaicdb.coordinator.ingest;

import io.mosaicdb.contract.error.MosaicException;
import org.jspecify.annotations.Nullable;

/**
 * How a write is acknowledged.
 *
 * @param acknowledge {@code durable}: when it is on disk; {@code visible}: when searches see it as
 *     well
 * @param idempotencyKey a repeated key with the same request is applied once; null: none
 */
public record WriteOptions(String acknowledge, @Nullable String idempotencyKey) {
  public static final WriteOptions VISIBLE = new WriteOptions("visible", null);
  private static final int MAX_KEY = 256;

  /** From the parameter and the header of a request. */
  static WriteOptions of(@Nullable String wait, @Nullable String idempotencyKey) {
    var chosen = wait == null ? "visible" : wait;
    if (!chosen.equals("visible") && !chosen.equals("durable")) {
      throw MosaicException.invalidValue("wait", "must be durable or visible, got '" + wait + "'");
    }
    if (idempotencyKey != null && (idempotencyKey.isBlank() || idempotencyKey.length() > MAX_KEY)) {
      throw MosaicException.invalidValue(
          "Idempotency-Key",
          "must have 1 to " + MAX_KEY + " characters, got " + idempotencyKey.length());
    }
    return new WriteOptions(chosen, idempotencyKey);
  }

  /** The key for one partition's commit: partitions are applied one by one. */
  @Nullable String keyOf(int partition) {
    return idempotencyKey == null ? null : idempotencyKey + "/" + partition;
  }
}
