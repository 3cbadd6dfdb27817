package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.error.FieldError;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.error.Problem;
import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.contract.search.SearchResponse;
import io.mosaicdb.coordinator.fanout.FanOut;
import io.mosaicdb.coordinator.namespace.NamespacePath;
import io.mosaicdb.coordinator.naming.AliasTable;
import io.mosaicdb.starter.problem.FailureTranslator;
import io.mosaicdb.starter.request.RequestId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs several searches side by side, each answered by its own result or problem. Results of
 * different searches are not merged: their scores cannot be compared.
 */
final class MultiSearch {
  private final Searcher searcher;
  private final AliasTable aliases;
  private final FanOut fanOut;
  private final JsonMapper mapper;
  private final SearchProperties limits;

  /** Each entry is a search request with the member {@code namespace}. */
  record MultiSearchRequest(@Nullable List<@Nullable Map<String, @Nullable Object>> searches) {}

  /** One entry a search, in order. */
  record MultiSearchResponse(List<ResultBody> results) {}

  /** Exactly one of {@code response} and {@code problem}. */
  record ResultBody(
      @Nullable String namespace,
      int status,
      @Nullable SearchResponse response,
      @Nullable Problem problem) {}

  MultiSearch(
      Searcher searcher,
      AliasTable aliases,
      FanOut fanOut,
      JsonMapper mapper,
      SearchProperties limits) {
    this.searcher = searcher;
    this.aliases = aliases;
    this.fanOut = fanOut;
    this.mapper = mapper;
    this.limits = limits;
  }

  /**
   * @throws MosaicException {@code invalid_value} if there are no searches or too many
   */
  MultiSearchResponse search(MultiSearchRequest request) {
    var searches = request.searches();
    if (searches == null || searches.isEmpty() || searches.size() > limits.searches()) {
      throw MosaicException.invalidValue(
          "/searches",
          "must have 1 to %d searches, got %d"
              .formatted(limits.searches(), searches == null ? 0 : searches.size()));
    }
    var permits = new Semaphore(limits.parallelSearches());
    var calls = new ArrayList<Callable<ResultBody>>(searches.size());
    for (int i = 0; i < searches.size(); i++) {
      var search = searches.get(i);
      var place = "/searches/" + i;
      calls.add(() -> {
        permits.acquire();
        try {
          return answer(place, search);
        } finally {
          permits.release();
        }
      });
    }
    return new MultiSearchResponse(fanOut.all(calls));
  }

  private ResultBody answer(String place, @Nullable Map<String, @Nullable Object> search) {
    var name = search == null || search.get("namespace") == null ? null : search.get("namespace");
    var namespace = name instanceof String text ? text : null;
    try {
      if (search == null || namespace == null) {
        throw MosaicException.invalidValue("/namespace", "must name the namespace to search");
      }
      var body = new LinkedHashMap<>(search);
      body.remove("namespace");
      SearchRequest request = mapper.convertValue(body, SearchRequest.class);
      return new ResultBody(
          namespace,
          200,
          searcher.search(aliases.resolve(NamespacePath.parse(namespace)), request),
          null);
    } catch (MosaicException | JacksonException e) {
      var failure = in(place, FailureTranslator.translate(e));
      var problem = Problem.of(failure, "/v1/multi-search", RequestId.currentOrNew());
      return new ResultBody(namespace, problem.status(), null, problem);
    }
  }

  /** Pointers into the one search become pointers into the request. */
  private static MosaicException in(String place, MosaicException failure) {
    var errors = new ArrayList<FieldError>();
    for (var error : failure.errors()) {
      var pointer = error.pointer();
      errors.add(
          new FieldError(
              place + (pointer.startsWith("/") ? pointer : "/" + pointer), error.message()));
    }
    return new MosaicException(
        failure.code(), failure.detail(), errors, failure.retryAfter().orElse(null), failure);
  }
}
