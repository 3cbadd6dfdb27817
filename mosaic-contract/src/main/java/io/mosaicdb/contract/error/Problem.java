package io.mosaicdb.contract.error;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of every error answer: RFC 9457 problem details, media type {@code
 * application/problem+json}.
 *
 * @param type names the kind of problem, {@code /problems/} and the code with dashes
 * @param title one sentence that is the same for every occurrence
 * @param status the HTTP status of the answer
 * @param code the {@link ErrorCode#code()}
 * @param detail what is wrong this time
 * @param instance the path of the request
 * @param requestId the id to look for in the logs, also in the header X-Request-Id
 * @param errors the values at fault; absent on the wire when empty
 * @param nearest with {@code snapshot_gone}: what can be read instead; absent where nothing is
 *     known
 */
public record Problem(
    String type,
    String title,
    int status,
    String code,
    String detail,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String instance,
    @JsonProperty("request_id") @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String requestId,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<FieldError> errors,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable NearestSnapshot nearest) {

  /** The media type of a problem. */
  public static final String MEDIA_TYPE = "application/problem+json";

  @SuppressWarnings("NullAway") // A body from outside may lack errors.
  public Problem {
    errors = errors == null ? List.of() : List.copyOf(errors);
  }

  /** The problem for a failure while serving a request. */
  public static Problem of(
      MosaicException failure, @Nullable String instance, @Nullable String requestId) {
    var code = failure.code();
    return new Problem(
        code.type(),
        code.title(),
        code.status(),
        code.code(),
        failure.detail(),
        instance,
        requestId,
        failure.errors(),
        failure.nearest().orElse(null));
  }
}
