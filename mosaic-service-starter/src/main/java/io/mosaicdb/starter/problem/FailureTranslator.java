package io.mosaicdb.starter.problem;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.FieldError;
import io.mosaicdb.contract.error.MosaicException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.MissingRequestValueException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.context.request.async.AsyncRequestTimeoutException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import tools.jackson.core.JacksonException;

/** What a thrown failure means to the user. */
public final class FailureTranslator {
  private FailureTranslator() {}

  /** Never null; what nobody foresaw is an internal error with the failure as its cause. */
  public static MosaicException translate(Throwable failure) {
    return switch (failure) {
      case MosaicException known -> known;
      case HttpMessageNotReadableException unreadable -> unreadableBody(unreadable);
      case JacksonException json -> JsonFailures.translate(json);
      case CompletionException wrapper when wrapper.getCause() != null ->
          translate(wrapper.getCause());
      case ExecutionException wrapper when wrapper.getCause() != null ->
          translate(wrapper.getCause());
      case MethodArgumentTypeMismatchException mismatch -> wrongParameter(mismatch);
      case TypeMismatchException mismatch ->
          wrongValue(String.valueOf(mismatch.getPropertyName()), mismatch);
      case MissingServletRequestParameterException missing ->
          MosaicException.at(
              ErrorCode.MALFORMED_REQUEST, missing.getParameterName(), "must be given");
      case MissingRequestValueException missing ->
          new MosaicException(ErrorCode.MALFORMED_REQUEST, describe(missing));
      case HttpMediaTypeNotSupportedException media ->
          new MosaicException(
              ErrorCode.UNSUPPORTED_MEDIA_TYPE,
              "Content-Type is %s, this address takes %s"
                  .formatted(
                      media.getContentType() == null ? "missing" : media.getContentType(),
                      media.getSupportedMediaTypes()));
      case AsyncRequestTimeoutException timeout ->
          new MosaicException(
              ErrorCode.DEADLINE_EXCEEDED, "the answer was not ready in time", timeout);
      case ErrorResponse response -> standard(response);
      case RejectedExecutionException rejected ->
          new MosaicException(
              ErrorCode.OVERLOADED,
              "the service has as much work as it can take",
              List.of(),
              Duration.ofSeconds(1),
              rejected);
      case TimeoutException timeout ->
          new MosaicException(
              ErrorCode.DEADLINE_EXCEEDED, "the answer was not ready in time", timeout);
      default -> internal(failure);
    };
  }

  private static MosaicException unreadableBody(HttpMessageNotReadableException unreadable) {
    for (Throwable cause = unreadable.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof MosaicException known) {
        return known;
      }
      if (cause instanceof JacksonException json) {
        return JsonFailures.translate(json);
      }
    }
    return new MosaicException(
        ErrorCode.MALFORMED_JSON,
        unreadable.getCause() == null
            ? "the request needs a body"
            : "the request body cannot be read",
        unreadable);
  }

  private static MosaicException wrongParameter(MethodArgumentTypeMismatchException mismatch) {
    return wrongValue(mismatch.getName(), mismatch);
  }

  private static MosaicException wrongValue(String name, TypeMismatchException mismatch) {
    for (Throwable cause = mismatch.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof MosaicException known) {
        return known;
      }
    }
    var type = mismatch.getRequiredType();
    var wanted = type == null ? "have another type" : "be " + JsonFailures.wordFor(type);
    var message = "must %s, got %s".formatted(wanted, JsonFailures.shown(mismatch.getValue()));
    return new MosaicException(
        ErrorCode.INVALID_TYPE,
        name + " " + message,
        List.of(new FieldError(name, message)),
        null,
        mismatch);
  }

  private static MosaicException standard(ErrorResponse response) {
    var code = ErrorCode.ofStatus(response.getStatusCode().value());
    var detail = response.getBody().getDetail();
    return new MosaicException(code, detail == null ? code.title() : detail, (Throwable) response);
  }

  private static String describe(MissingRequestValueException missing) {
    var detail = missing.getBody().getDetail();
    return detail == null ? "a required value is missing" : detail;
  }

  private static MosaicException internal(Throwable failure) {
    return new MosaicException(
        ErrorCode.INTERNAL_ERROR,
        "the service failed in a way it does not expect; its log has the reason under this request id",
        failure);
  }
}
