package io.mosaicdb.contract.error;

import static io.mosaicdb.contract.error.ErrorCategory.INTERNAL;
import static io.mosaicdb.contract.error.ErrorCategory.RESOURCES;
import static io.mosaicdb.contract.error.ErrorCategory.UNAVAILABLE;
import static io.mosaicdb.contract.error.ErrorCategory.USER;

import java.util.Locale;
import java.util.Optional;

/**
 * Every failure a MosaicDB service can answer with. The wire carries {@link #code()}, the constant
 * in lower_snake_case; codes are part of the public interface and are never renamed.
 */
public enum ErrorCode {
  MALFORMED_REQUEST(USER, "The request could not be understood"),
  MALFORMED_JSON(USER, "The request body is not valid JSON"),
  UNKNOWN_FIELD(USER, "The request has a field that does not exist"),
  INVALID_TYPE(USER, "A value in the request has the wrong type"),
  INVALID_VALUE(USER, "A value in the request is not acceptable"),
  UNKNOWN_LANGUAGE(USER, "There is no analyzer for this language"),
  EMPTY_QUERY(USER, "The search asks for nothing"),
  INVALID_CURSOR(USER, "The cursor is not one that this service issued"),
  DIMENSION_MISMATCH(USER, "Vector has the wrong number of dimensions"),
  INVALID_VECTOR(USER, "Vector is not usable"),
  UNSUPPORTED_DURABILITY(USER, "This durability is not available"),
  INVALID_SQL(USER, "The SQL statement is not one that can be answered"),
  UNAUTHORIZED(USER, "Credentials are missing or not valid"),
  FORBIDDEN(USER, "The credentials do not allow this"),
  NOT_FOUND(USER, "There is nothing at this address"),
  NAMESPACE_NOT_FOUND(USER, "The namespace does not exist"),
  ALIAS_NOT_FOUND(USER, "The alias does not exist"),
  DOCUMENT_NOT_FOUND(USER, "The document does not exist"),
  METHOD_NOT_ALLOWED(USER, "The address does not accept this method"),
  NOT_ACCEPTABLE(USER, "The answer cannot be given in an accepted media type"),
  NAMESPACE_EXISTS(USER, "The namespace exists already"),
  NAMESPACE_IN_USE(USER, "The namespace has other names that lead to it"),
  SCHEMA_CONFLICT(USER, "The schema conflicts with the namespace's own"),
  IDEMPOTENCY_CONFLICT(USER, "The idempotency key was used for another request"),
  TASK_FINISHED(USER, "The task has ended already"),
  PAGERANK_RUNNING(USER, "Ranks of the namespace are being computed already"),
  ACTIVATION_SUSPENDED(USER, "No new generation is activated while so much is damaged"),
  SNAPSHOT_GONE(USER, "The snapshot is no longer kept"),
  PRECONDITION_FAILED(USER, "The document is not in the expected version"),
  PAYLOAD_TOO_LARGE(USER, "The request is too large"),
  SQL_TOO_LARGE(USER, "The SQL statement needs more than one statement may take"),
  UNSUPPORTED_MEDIA_TYPE(USER, "The request has a media type that is not understood"),
  TOO_MANY_REQUESTS(RESOURCES, "Too many requests"),
  OVERLOADED(RESOURCES, "The service has as much work as it can take"),
  EMBEDDER_UNAVAILABLE(UNAVAILABLE, "Texts cannot be embedded at the moment"),
  WORKER_UNAVAILABLE(UNAVAILABLE, "The worker that holds the data does not answer"),
  RERANKER_UNAVAILABLE(UNAVAILABLE, "The second phase of ranking does not answer"),
  SERVICE_UNAVAILABLE(UNAVAILABLE, "A service that the request needs does not answer"),
  PARTIAL_NOT_ALLOWED(UNAVAILABLE, "A complete answer is not possible at the moment"),
  DEADLINE_EXCEEDED(UNAVAILABLE, "The time for the request ran out"),
  NOT_IMPLEMENTED(UNAVAILABLE, "This build does not do that yet"),
  INTERNAL_ERROR(INTERNAL, "Something went wrong inside the service");

  private final ErrorCategory category;
  private final String title;

  ErrorCode(ErrorCategory category, String title) {
    this.category = category;
    this.title = title;
  }

  public ErrorCategory category() {
    return category;
  }

  /** The same sentence for every occurrence; what differs goes into a problem's detail. */
  public String title() {
    return title;
  }

  /** The name on the wire, for example {@code dimension_mismatch}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The problem type, for example {@code /problems/dimension-mismatch}. */
  public String type() {
    return "/problems/" + code().replace('_', '-');
  }

  /** The HTTP status. 400 is what cannot be read, 422 what was read and makes no sense. */
  public int status() {
    return switch (this) {
      case MALFORMED_REQUEST,
          MALFORMED_JSON,
          UNKNOWN_FIELD,
          INVALID_TYPE,
          UNKNOWN_LANGUAGE,
          EMPTY_QUERY,
          INVALID_CURSOR ->
          400;
      case UNAUTHORIZED -> 401;
      case FORBIDDEN -> 403;
      case NOT_FOUND, NAMESPACE_NOT_FOUND, ALIAS_NOT_FOUND, DOCUMENT_NOT_FOUND -> 404;
      case METHOD_NOT_ALLOWED -> 405;
      case NOT_ACCEPTABLE -> 406;
      case NAMESPACE_EXISTS,
          NAMESPACE_IN_USE,
          SCHEMA_CONFLICT,
          IDEMPOTENCY_CONFLICT,
          TASK_FINISHED,
          PAGERANK_RUNNING,
          ACTIVATION_SUSPENDED ->
          409;
      case SNAPSHOT_GONE -> 410;
      case PRECONDITION_FAILED -> 412;
      case PAYLOAD_TOO_LARGE, SQL_TOO_LARGE -> 413;
      case UNSUPPORTED_MEDIA_TYPE -> 415;
      case INVALID_VALUE, DIMENSION_MISMATCH, INVALID_VECTOR, UNSUPPORTED_DURABILITY, INVALID_SQL ->
          422;
      case TOO_MANY_REQUESTS, OVERLOADED -> 429;
      case INTERNAL_ERROR -> 500;
      case NOT_IMPLEMENTED -> 501;
      case EMBEDDER_UNAVAILABLE,
          WORKER_UNAVAILABLE,
          RERANKER_UNAVAILABLE,
          SERVICE_UNAVAILABLE,
          PARTIAL_NOT_ALLOWED ->
          503;
      case DEADLINE_EXCEEDED -> 504;
    };
  }

  /** The constant for a {@link #code()}; empty for a code of a newer version. */
  public static Optional<ErrorCode> find(String code) {
    for (var candidate : values()) {
      if (candidate.code().equals(code)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /** The most general constant with a status, for answers that carry no code of ours. */
  public static ErrorCode ofStatus(int status) {
    return switch (status) {
      case 401 -> UNAUTHORIZED;
      case 403 -> FORBIDDEN;
      case 404 -> NOT_FOUND;
      case 405 -> METHOD_NOT_ALLOWED;
      case 406 -> NOT_ACCEPTABLE;
      case 410 -> SNAPSHOT_GONE;
      case 412 -> PRECONDITION_FAILED;
      case 413 -> PAYLOAD_TOO_LARGE;
      case 415 -> UNSUPPORTED_MEDIA_TYPE;
      case 422 -> INVALID_VALUE;
      case 429 -> TOO_MANY_REQUESTS;
      case 501 -> NOT_IMPLEMENTED;
      case 502, 503 -> SERVICE_UNAVAILABLE;
      case 504 -> DEADLINE_EXCEEDED;
      default -> status >= 400 && status < 500 ? MALFORMED_REQUEST : INTERNAL_ERROR;
    };
  }
}
