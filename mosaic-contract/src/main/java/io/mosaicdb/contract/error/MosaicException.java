package io.mosaicdb.contract.error;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failure with a code, thrown where it is detected and turned into a {@link Problem} at the edge
 * of the process. The message is the problem's detail and is shown to the user: it names the value
 * and the bound, and carries no secret, path or stack frame.
 */
public final class MosaicException extends RuntimeException {
  private final ErrorCode code;
  private final List<FieldError> errors;
  private final @Nullable Duration retryAfter;
  private final transient @Nullable NearestSnapshot nearest;

  public MosaicException(ErrorCode code, String detail) {
    this(code, detail, List.of(), null, null);
  }

  public MosaicException(ErrorCode code, String detail, Throwable cause) {
    this(code, detail, List.of(), null, cause);
  }

  public MosaicException(ErrorCode code, String detail, List<FieldError> errors) {
    this(code, detail, errors, null, null);
  }

  /**
   * @param retryAfter when the same request may succeed, for the Retry-After header; null if
   *     unknown
   */
  public MosaicException(
      ErrorCode code,
      String detail,
      List<FieldError> errors,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    this(code, detail, errors, retryAfter, null, cause);
  }

  private MosaicException(
      ErrorCode code,
      String detail,
      List<FieldError> errors,
      @Nullable Duration retryAfter,
      @Nullable NearestSnapshot nearest,
      @Nullable Throwable cause) {
    super(requireNonNull(detail, "detail"), cause);
    this.code = requireNonNull(code, "code");
    this.errors = List.copyOf(errors);
    this.retryAfter = retryAfter;
    this.nearest = nearest;
  }

  /** A snapshot that is gone, and the one that can be read in its place. */
  public static MosaicException snapshotGone(
      String detail, NearestSnapshot nearest, @Nullable Throwable cause) {
    return new MosaicException(ErrorCode.SNAPSHOT_GONE, detail, List.of(), null, nearest, cause);
  }

  /** An unacceptable value at a JSON pointer. */
  public static MosaicException invalidValue(String pointer, String message) {
    return at(ErrorCode.INVALID_VALUE, pointer, message);
  }

  /** A failure with one pointer, whose detail is the pointer and the message. */
  public static MosaicException at(ErrorCode code, String pointer, String message) {
    return new MosaicException(
        code, pointer + " " + message, List.of(new FieldError(pointer, message)));
  }

  public ErrorCode code() {
    return code;
  }

  /** What is wrong this time, for the user to read. */
  public String detail() {
    return requireNonNull(getMessage());
  }

  public List<FieldError> errors() {
    return errors;
  }

  /** With {@code snapshot_gone}: what can be read instead, where that is known. */
  public Optional<NearestSnapshot> nearest() {
    return Optional.ofNullable(nearest);
  }

  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
