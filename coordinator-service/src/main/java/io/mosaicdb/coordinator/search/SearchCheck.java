package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.coordinator.namespace.NamespaceDefinition;
import io.mosaicdb.coordinator.position.Position;
import io.mosaicdb.coordinator.rerank.SecondPhaseReranker;
import io.mosaicdb.coordinator.vector.ClientVector;
import io.mosaicdb.model.InvalidInputException;
import io.mosaicdb.model.filter.FilterParser;
import io.mosaicdb.model.ranking.Fusion;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.model.schema.VectorOrigin;
import java.text.Normalizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns a request into a query, or says which value is at fault. */
final class SearchCheck {
  private static final int STANDARD_LIMIT = 10;
  private static final int STANDARD_FRAGMENTS = 2;
  private static final int MOST_FRAGMENTS = 20;
  private static final int MOST_FIELDS = 300;
  private final SearchProperties limits;
  private final SecondPhaseReranker secondPhase;

  SearchCheck(SearchProperties limits, SecondPhaseReranker secondPhase) {
    this.limits = limits;
    this.secondPhase = secondPhase;
  }

  SearchQuery check(SearchRequest request, NamespaceDefinition definition) {
    var schema = definition.schema();
    var text = text(request.q());
    boolean matching = text == null && request.vector() == null;
    if (matching) {
      requireSomethingToMatch(request);
    }
    if (request.vector() != null) {
      if (!schema.vector().present()) {
        throw MosaicException.at(
            ErrorCode.INVALID_VECTOR, "/vector", "must be absent: the namespace has no vectors");
      }
      ClientVector.require(request.vector(), schema.vector(), "/vector");
    }
    var asked = mode(request.mode());
    var sort = OrderCheck.sort(request, schema);
    var mode =
        matching || !sort.isEmpty()
            ? SearchMode.KEYWORD
            : possible(asked, request.mode() != null, text, request.vector(), schema);
    return new SearchQuery(
        definition,
        text,
        request.vector(),
        mode,
        matching || !sort.isEmpty()
            ? "everything that matches is put in order, nothing is scored"
            : reason(asked, mode, text, schema),
        fusion(request.fusion()),
        filter(request, schema),
        between("/limit", request.limit(), STANDARD_LIMIT, 1, limits.limit()),
        fields(request.fields(), schema),
        highlightFields(request.highlight(), schema),
        fragments(request.highlight()),
        Boolean.TRUE.equals(request.explain()),
        // An answer about the past must not depend on how it is stored today.
        Boolean.TRUE.equals(request.exact()) || request.asOf() != null,
        request.minScore(),
        null,
        Duration.ofMillis(
            between(
                "/timeout_ms",
                request.timeoutMs(),
                (int) limits.timeout().toMillis(),
                1,
                (int) limits.longestTimeout().toMillis())),
        !Boolean.FALSE.equals(request.allowPartial()),
        request.minCommit() == null
            ? null
            : Position.parse(
                request.minCommit(), definition.name(), definition.partitions(), "/min_commit"),
        WordsCheck.check(request, schema, definition.fieldWeights()),
        FacetCheck.check(request, schema),
        OrderCheck.group(request, schema),
        sort,
        TimeCheck.cursor(request),
        TimeCheck.asOf(request, definition),
        RankingCheck.check(request, schema, secondPhase),
        PlanCheck.plan(request, mode),
        PlanCheck.routing(request, mode, text),
        Boolean.TRUE.equals(request.staleIfError()),
        null,
        null,
        0);
  }

  /** Without words and vector all documents that meet the filter match, and none is better. */
  private static void requireSomethingToMatch(SearchRequest request) {
    boolean facets = request.facets() != null && !request.facets().isEmpty();
    if (request.filter() == null && !OrderCheck.isSorted(request) && !facets) {
      throw MosaicException.at(
          ErrorCode.EMPTY_QUERY,
          "/q",
          "must have a word, or one of /vector, /filter, /sort and /facets must be given");
    }
    if (request.mode() != null) {
      throw MosaicException.at(
          ErrorCode.EMPTY_QUERY,
          "/q",
          "must be given for a search by mode; without mode all that match are found, by id");
    }
    if (request.plan() != null || request.minScore() != null) {
      throw MosaicException.invalidValue(
          request.plan() != null ? "/plan" : "/min_score",
          "must be absent without q and vector: nothing is scored");
    }
  }

  private @Nullable String text(@Nullable String q) {
    if (q == null) {
      return null;
    }
    if (q.length() > limits.queryCharacters()) {
      throw MosaicException.at(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "/q",
          "may have " + limits.queryCharacters() + " characters, got " + q.length());
    }
    if (q.isBlank()) {
      throw MosaicException.at(ErrorCode.EMPTY_QUERY, "/q", "must not be blank");
    }
    return Normalizer.normalize(q, Normalizer.Form.NFC);
  }

  private static SearchMode mode(@Nullable String name) {
    if (name == null) {
      return SearchMode.HYBRID;
    }
    return SearchMode.find(name)
        .orElseThrow(() ->
            MosaicException.invalidValue(
                "/mode", "must be hybrid, semantic or keyword, got '" + name + "'"));
  }

  private static SearchMode possible(
      SearchMode asked,
      boolean explicit,
      @Nullable String text,
      float @Nullable [] vector,
      Schema schema) {
    boolean vectorPossible =
        vector != null || (text != null && schema.vector().origin() == VectorOrigin.SERVER);
    return switch (asked) {
      case KEYWORD -> {
        if (text == null) {
          throw MosaicException.at(ErrorCode.EMPTY_QUERY, "/q", "must be given for keyword search");
        }
        if (vector != null && explicit) {
          throw MosaicException.invalidValue(
              "/vector", "must be absent for keyword search, which is by words alone");
        }
        yield SearchMode.KEYWORD;
      }
      case SEMANTIC -> {
        if (!vectorPossible) {
          throw MosaicException.invalidValue(
              "/mode",
              schema.vector().present()
                  ? "semantic needs a vector: this namespace's vectors come from the client"
                  : "must be keyword: the namespace has no vectors");
        }
        yield SearchMode.SEMANTIC;
      }
      case HYBRID -> {
        if (text == null) {
          yield SearchMode.SEMANTIC;
        }
        yield vectorPossible ? SearchMode.HYBRID : SearchMode.KEYWORD;
      }
    };
  }

  private static String reason(
      SearchMode asked, SearchMode mode, @Nullable String text, Schema schema) {
    if (asked == mode) {
      return "as asked";
    }
    if (text == null) {
      return "there are no words to search by";
    }
    return schema.vector().present()
        ? "the namespace's vectors come from the client and the request has none"
        : "the namespace has no vectors";
  }

  private static Fusion fusion(SearchRequest.@Nullable FusionBody body) {
    if (body == null) {
      return Fusion.Normalized.STANDARD;
    }
    // A k without a type can only mean rrf.
    var type = body.type() != null ? body.type() : body.k() != null ? "rrf" : "normalized";
    try {
      return switch (type) {
        case "rrf" ->
            new Fusion.ReciprocalRank(
                body.k() == null ? Fusion.ReciprocalRank.STANDARD_K : body.k(),
                textWeight(body, 1),
                vectorWeight(body, 1));
        case "normalized" -> {
          if (body.k() != null) {
            throw MosaicException.invalidValue("/fusion/k", "belongs to rrf");
          }
          yield new Fusion.Normalized(
              textWeight(body, Fusion.Normalized.STANDARD.textWeight()),
              vectorWeight(body, Fusion.Normalized.STANDARD.vectorWeight()));
        }
        default ->
            throw MosaicException.invalidValue(
                "/fusion/type", "must be rrf or normalized, got '" + type + "'");
      };
    } catch (IllegalArgumentException e) {
      var message = String.valueOf(e.getMessage());
      throw MosaicException.invalidValue(
          message.startsWith("k ") ? "/fusion/k" : "/fusion/weights", message);
    }
  }

  private static double textWeight(SearchRequest.FusionBody body, double standard) {
    var weights = body.weights();
    return weights == null || weights.text() == null ? standard : weights.text();
  }

  private static double vectorWeight(SearchRequest.FusionBody body, double standard) {
    var weights = body.weights();
    return weights == null || weights.vector() == null ? standard : weights.vector();
  }

  private static @Nullable Map<String, @Nullable Object> filter(
      SearchRequest request, Schema schema) {
    if (request.filter() == null) {
      return null;
    }
    try {
      var _ = FilterParser.parse(request.filter(), schema, "/filter");
    } catch (InvalidInputException e) {
      throw MosaicException.invalidValue(e.pointer(), String.valueOf(e.getMessage()));
    }
    return request.filter();
  }

  private static @Nullable List<String> fields(@Nullable List<String> names, Schema schema) {
    if (names == null) {
      return null;
    }
    if (names.size() > MOST_FIELDS) {
      throw MosaicException.invalidValue(
          "/fields", "may have " + MOST_FIELDS + " names, got " + names.size());
    }
    for (int i = 0; i < names.size(); i++) {
      var name = names.get(i);
      boolean known =
          name != null
              && (name.equals("url")
                  || name.equals("attributes")
                  || schema.fields().containsKey(name)
                  || schema.attributes().containsKey(name));
      if (!known) {
        throw MosaicException.invalidValue(
            "/fields/" + i,
            "must be url, attributes, or a text field or attribute of the namespace, got '"
                + name
                + "'");
      }
    }
    return List.copyOf(names);
  }

  private static List<String> highlightFields(
      SearchRequest.@Nullable HighlightBody body, Schema schema) {
    if (body == null) {
      return List.of();
    }
    if (body.fields() == null) {
      return schema.fields().containsKey("text")
          ? List.of("text")
          : List.copyOf(schema.fields().keySet());
    }
    var fields = new ArrayList<String>();
    for (int i = 0; i < body.fields().size(); i++) {
      var name = body.fields().get(i);
      if (name == null || !schema.fields().containsKey(name)) {
        throw MosaicException.invalidValue(
            "/highlight/fields/" + i,
            "must be one of "
                + String.join(", ", schema.fields().keySet())
                + ", got '"
                + name
                + "'");
      }
      if (!fields.contains(name)) {
        fields.add(name);
      }
    }
    return fields;
  }

  private static int fragments(SearchRequest.@Nullable HighlightBody body) {
    return body == null
        ? 0
        : between("/highlight/fragments", body.fragments(), STANDARD_FRAGMENTS, 1, MOST_FRAGMENTS);
  }

  private static int between(
      String pointer, @Nullable Integer value, int standard, int least, int most) {
    if (value == null) {
      return standard;
    }
    if (value < least || value > most) {
      throw MosaicException.invalidValue(
          pointer, "must be between " + least + " and " + most + ", got " + value);
    }
    return value;
  }
}
