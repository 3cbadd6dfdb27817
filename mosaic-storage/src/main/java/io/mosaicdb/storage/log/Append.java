package io.mosaicdb.storage.log;

import org.jspecify.annotations.Nullable;

/**
 * What a writer offers to the log.
 *
 * <p>With an operation id, a repetition within the retained history (see {@link LogSettings})
 * answers with the first commit instead of making another. Without one, equal payloads are separate
 * commits unless {@code onceByContent} is set.
 *
 * @param payload the bytes; not copied, so the caller must not change them afterwards
 * @param operationId the client's idempotency key, if it gave one
 * @param onceByContent whether a payload already committed this way is a repetition; ignored where
 *     there is an operation id
 */
@SuppressWarnings(
    "ArrayRecordComponent") // Never compared; a copy of every payload would cost more.
public record Append(byte[] payload, @Nullable String operationId, boolean onceByContent) {
  public Append {
    if (operationId != null && operationId.isEmpty()) {
      throw new IllegalArgumentException("operationId must not be empty");
    }
  }

  public static Append of(byte[] payload) {
    return new Append(payload, null, false);
  }

  public static Append of(byte[] payload, @Nullable String operationId) {
    return new Append(payload, operationId, false);
  }

  /** A payload that is committed once, however often it is offered. */
  public static Append onceByContent(byte[] payload) {
    return new Append(payload, null, true);
  }

  /** Under which name a repetition is recognised; the prefixes keep the two kinds apart. */
  @Nullable String operation(String commitId) {
    if (operationId != null) {
      return "k:" + operationId;
    }
    return onceByContent ? "c:" + commitId : null;
  }
}
