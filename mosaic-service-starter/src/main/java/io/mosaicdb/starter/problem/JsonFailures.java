package io.mosaicdb.starter.problem;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.FieldError;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.starter.json.BrokenTextException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.PropertyBindingException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** Says in the user's words, with a JSON pointer, what Jackson found wrong with a document. */
public final class JsonFailures {
  private static final int LONGEST_SHOWN = 60;

  private JsonFailures() {}

  public static MosaicException translate(JacksonException failure) {
    return switch (failure) {
      case StreamConstraintsException limit -> limitExceeded(limit);
      case JacksonIOException io -> broken(io);
      case PropertyBindingException unknown -> unknownField(unknown);
      case ValueInstantiationException rejected -> rejectedValue(rejected);
      case InvalidTypeIdException unknownType ->
          at(
              ErrorCode.INVALID_TYPE,
              unknownType,
              "is of an unknown kind " + shown(unknownType.getTypeId()));
      case InvalidFormatException wrong -> wrongFormat(wrong);
      case MismatchedInputException mismatch -> mismatch(mismatch);
      case InputCoercionException outOfRange ->
          at(
              ErrorCode.INVALID_TYPE,
              outOfRange,
              "must fit into its type: " + firstSentence(messageOf(outOfRange)));
      case StreamReadException syntax -> malformed(syntax);
      case DatabindException other when other.getCause() instanceof JacksonException cause ->
          translate(cause);
      default -> malformed(failure);
    };
  }

  /** The place as a JSON pointer (RFC 6901); the empty string is the whole document. */
  static String pointer(JacksonException failure) {
    var pointer = new StringBuilder();
    for (var reference : failure.getPath()) {
      pointer.append('/');
      if (reference.getPropertyName() != null) {
        pointer.append(reference.getPropertyName().replace("~", "~0").replace("/", "~1"));
      } else {
        pointer.append(reference.getIndex());
      }
    }
    return pointer.toString();
  }

  /** A value as it may stand in a message: quoted, shortened, printable. */
  static String shown(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    var text = value.toString().replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
    if (text.length() > LONGEST_SHOWN) {
      text = text.substring(0, LONGEST_SHOWN) + "…";
    }
    return value instanceof Number || value instanceof Boolean ? text : '"' + text + '"';
  }

  /** What a type is called on the wire. */
  static String wordFor(Class<?> type) {
    if (type.isEnum()) {
      var names = new TreeSet<String>();
      for (var constant : type.getEnumConstants()) {
        names.add(constant.toString().toLowerCase(java.util.Locale.ROOT));
      }
      return "one of " + String.join(", ", names);
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return "an integer";
    }
    if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "a number";
    }
    if (CharSequence.class.isAssignableFrom(type)) {
      return "a string";
    }
    if (type.isArray() || Collection.class.isAssignableFrom(type)) {
      return "an array";
    }
    if (type.getName().startsWith("java.time.")) {
      return "a time or duration in ISO 8601 form";
    }
    return type.isRecord() || Map.class.isAssignableFrom(type) || type.isSealed()
        ? "an object"
        : "a " + type.getSimpleName();
  }

  private static MosaicException limitExceeded(StreamConstraintsException limit) {
    var message = messageOf(limit);
    if (message.contains("nesting depth")) {
      return new MosaicException(
          ErrorCode.MALFORMED_JSON,
          "the document nests too deep: " + firstSentence(message),
          limit);
    }
    return new MosaicException(
        ErrorCode.PAYLOAD_TOO_LARGE,
        "the document is beyond a limit: " + firstSentence(message),
        limit);
  }

  private static String messageOf(JacksonException failure) {
    return Objects.requireNonNullElse(failure.getOriginalMessage(), "not JSON");
  }

  private static String firstSentence(String message) {
    int end = message.indexOf(" (from");
    return end < 0 ? message : message.substring(0, end);
  }

  private static MosaicException broken(JacksonIOException io) {
    for (Throwable cause = io.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof BrokenTextException text) {
        return new MosaicException(
            ErrorCode.MALFORMED_JSON, Objects.requireNonNull(text.getMessage()), io);
      }
      if (cause instanceof RequestTooLargeException tooLarge) {
        return tooLarge.toFailure();
      }
    }
    return new MosaicException(
        ErrorCode.MALFORMED_REQUEST, "the request body ended before it was complete", io);
  }

  private static MosaicException unknownField(PropertyBindingException unknown) {
    var known = unknown.getKnownPropertyIds();
    var message =
        known == null || known.isEmpty()
            ? "does not exist"
            : "does not exist; known are "
                + String.join(", ", new TreeSet<>(known.stream().map(Object::toString).toList()));
    return at(ErrorCode.UNKNOWN_FIELD, unknown, message);
  }

  private static MosaicException rejectedValue(ValueInstantiationException rejected) {
    var pointer = pointer(rejected);
    for (Throwable cause = rejected.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof MosaicException known) {
        return known.errors().isEmpty()
            ? new MosaicException(
                known.code(),
                known.detail(),
                List.of(new FieldError(pointer, known.detail())),
                known.retryAfter().orElse(null),
                known)
            : known;
      }
      if (cause instanceof IllegalArgumentException || cause instanceof NullPointerException) {
        var why = Objects.requireNonNullElse(cause.getMessage(), "is not acceptable");
        if (cause instanceof NullPointerException) {
          why += why.contains(" ") ? "" : " must be given";
        }
        return new MosaicException(
            ErrorCode.INVALID_VALUE, why, List.of(new FieldError(pointer, why)), null, rejected);
      }
    }
    return at(ErrorCode.INVALID_VALUE, rejected, "is not acceptable");
  }

  private static MosaicException wrongFormat(InvalidFormatException wrong) {
    var type = wrong.getTargetType();
    var wanted = type == null ? "have another form" : "be " + wordFor(type);
    var finite =
        wrong.getOriginalMessage() != null && wrong.getOriginalMessage().contains("finite");
    return at(
        ErrorCode.INVALID_TYPE,
        wrong,
        "must %s, got %s"
            .formatted(finite ? "be a finite number" : wanted, shown(wrong.getValue())));
  }

  private static MosaicException mismatch(MismatchedInputException mismatch) {
    var type = mismatch.getTargetType();
    if (type == null || messageOf(mismatch).startsWith("Trailing token")) {
      return malformed(mismatch);
    }
    var token = mismatch.getCurrentToken();
    var got =
        token == null
            ? ""
            : switch (token) {
              case START_OBJECT, END_OBJECT, PROPERTY_NAME -> ", got an object";
              case START_ARRAY, END_ARRAY -> ", got an array";
              case VALUE_STRING -> ", got a string";
              case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> ", got a number";
              case VALUE_TRUE, VALUE_FALSE -> ", got true or false";
              case VALUE_NULL -> ", got null";
              case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> "";
            };
    if (token == null && mismatch.getPath().isEmpty()) {
      return new MosaicException(
          ErrorCode.MALFORMED_JSON, "the request body is empty or ends too early", mismatch);
    }
    return at(ErrorCode.INVALID_TYPE, mismatch, "must be " + wordFor(type) + got);
  }

  private static MosaicException malformed(JacksonException syntax) {
    var message = messageOf(syntax);
    var pointer = pointer(syntax);
    return new MosaicException(
        ErrorCode.MALFORMED_JSON,
        message.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?") + position(syntax.getLocation()),
        pointer.isEmpty() ? List.of() : List.of(new FieldError(pointer, "is not valid JSON")),
        null,
        syntax);
  }

  private static String position(@Nullable TokenStreamLocation location) {
    return location == null || location.getLineNr() < 0
        ? ""
        : ", at line %d column %d".formatted(location.getLineNr(), location.getColumnNr());
  }

  private static MosaicException at(ErrorCode code, JacksonException failure, String message) {
    var pointer = pointer(failure);
    var subject = pointer.isEmpty() ? "the document" : pointer;
    return new MosaicException(
        code, subject + " " + message, List.of(new FieldError(pointer, message)), null, failure);
  }
}
