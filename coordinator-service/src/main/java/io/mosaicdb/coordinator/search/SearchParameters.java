package io.mosaicdb.coordinator.search;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.FieldError;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.starter.problem.FailureTranslator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** A search as query parameters: the request's plain values, and the filter as JSON. */
final class SearchParameters {
  private static final Set<String> KNOWN =
      new TreeSet<>(
          List.of(
              "q",
              "mode",
              "limit",
              "cursor",
              "filter",
              "fields",
              "highlight",
              "explain",
              "exact",
              "min_score",
              "timeout_ms",
              "allow_partial",
              "min_commit",
              "as_of",
              "operator",
              "prefix",
              "typo"));

  /** Reads a JSON object as what its members are. */
  private record Filter(@JsonValue Map<String, @Nullable Object> members) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    Filter {}
  }

  private SearchParameters() {}

  /** Refuses parameters that are not {@code known}, or given twice. */
  static void require(MultiValueMap<String, String> parameters, Set<String> known) {
    parameters.forEach((name, values) -> {
      if (!known.contains(name)) {
        throw at(
            ErrorCode.UNKNOWN_FIELD, name, "does not exist; known are " + String.join(", ", known));
      }
      if (values.size() != 1) {
        throw at(ErrorCode.INVALID_VALUE, name, "is given " + values.size() + " times");
      }
    });
  }

  static SearchRequest parse(MultiValueMap<String, String> parameters, JsonMapper mapper) {
    require(parameters, KNOWN);
    var highlight = parameters.getFirst("highlight");
    return new SearchRequest(
        parameters.getFirst("q"),
        null,
        parameters.getFirst("mode"),
        null,
        null,
        filter(parameters.getFirst("filter"), mapper),
        null,
        null,
        null,
        integer("limit", parameters.getFirst("limit")),
        parameters.getFirst("cursor"),
        list(parameters.getFirst("fields")),
        highlight == null ? null : new SearchRequest.HighlightBody(list(highlight), null),
        flag("explain", parameters.getFirst("explain")),
        flag("exact", parameters.getFirst("exact")),
        number("min_score", parameters.getFirst("min_score")),
        integer("timeout_ms", parameters.getFirst("timeout_ms")),
        flag("allow_partial", parameters.getFirst("allow_partial")),
        parameters.getFirst("min_commit"),
        parameters.getFirst("as_of"),
        words(parameters),
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private static SearchRequest.@Nullable WordsBody words(MultiValueMap<String, String> parameters) {
    var operator = parameters.getFirst("operator");
    var prefix = flag("prefix", parameters.getFirst("prefix"));
    var typo = flag("typo", parameters.getFirst("typo"));
    return operator == null && prefix == null && typo == null
        ? null
        : new SearchRequest.WordsBody(operator, prefix, typo, null);
  }

  private static @Nullable Map<String, @Nullable Object> filter(
      @Nullable String json, JsonMapper mapper) {
    if (json == null) {
      return null;
    }
    try {
      return mapper.readValue(json, Filter.class).members();
    } catch (JacksonException e) {
      var failure = FailureTranslator.translate(e);
      throw new MosaicException(
          failure.code(),
          "filter: " + failure.detail(),
          List.of(new FieldError("filter", failure.detail())));
    }
  }

  private static @Nullable List<String> list(@Nullable String value) {
    return value == null ? null : value.isEmpty() ? List.of() : List.of(value.split(",", -1));
  }

  static @Nullable Integer integer(String name, @Nullable String value) {
    if (value == null) {
      return null;
    }
    try {
      return Integer.valueOf(value);
    } catch (NumberFormatException _) {
      throw at(ErrorCode.INVALID_TYPE, name, "must be an integer, got '" + value + "'");
    }
  }

  private static @Nullable Double number(String name, @Nullable String value) {
    if (value == null) {
      return null;
    }
    double number;
    try {
      number = Double.parseDouble(value);
    } catch (NumberFormatException _) {
      number = Double.NaN;
    }
    if (!Double.isFinite(number)) {
      throw at(ErrorCode.INVALID_TYPE, name, "must be a number, got '" + value + "'");
    }
    return number;
  }

  private static @Nullable Boolean flag(String name, @Nullable String value) {
    return switch (value) {
      case null -> null;
      case "true" -> true;
      case "false" -> false;
      default ->
          throw at(ErrorCode.INVALID_TYPE, name, "must be true or false, got '" + value + "'");
    };
  }

  private static MosaicException at(ErrorCode code, String name, String message) {
    return MosaicException.at(code, name, message);
  }
}
