package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.contract.search.SearchResponse;
import io.mosaicdb.contract.search.SuggestionsBody;
import io.mosaicdb.coordinator.namespace.NamespacePath;
import io.mosaicdb.coordinator.routing.RoutingRounds;
import io.mosaicdb.model.NamespaceName;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

@RestController
class SearchController {
  private static final Set<String> SUGGEST_PARAMETERS = new TreeSet<>(List.of("q", "limit"));

  private final Searcher searcher;
  private final SimilarDocuments similar;
  private final MultiSearch multi;
  private final Suggester suggester;
  private final RoutingRounds routing;
  private final JsonMapper mapper;

  SearchController(
      Searcher searcher,
      SimilarDocuments similar,
      MultiSearch multi,
      Suggester suggester,
      RoutingRounds routing,
      JsonMapper mapper) {
    this.suggester = suggester;
    this.routing = routing;
    this.searcher = searcher;
    this.similar = similar;
    this.multi = multi;
    this.mapper = mapper;
  }

  @PostMapping("/v1/namespaces/{namespace}/search")
  ResponseEntity<SearchResponse> search(
      @PathVariable String namespace, @RequestBody SearchRequest request) {
    var name = NamespacePath.parse(namespace);
    return seen(name, searcher.search(name, request));
  }

  @GetMapping("/v1/namespaces/{namespace}/search")
  ResponseEntity<SearchResponse> search(
      @PathVariable String namespace, @RequestParam MultiValueMap<String, String> parameters) {
    var name = NamespacePath.parse(namespace);
    return seen(name, searcher.search(name, SearchParameters.parse(parameters, mapper)));
  }

  @PostMapping("/v1/namespaces/{namespace}/similar")
  ResponseEntity<SearchResponse> similar(
      @PathVariable String namespace, @RequestBody SimilarDocuments.SimilarRequest request) {
    return timed(similar.search(NamespacePath.parse(namespace), request));
  }

  @PostMapping("/v1/namespaces/{namespace}/facets")
  FacetsBodies.FacetsResponse facets(
      @PathVariable String namespace, @RequestBody FacetsBodies.FacetsRequest request) {
    if (request.facets() == null || request.facets().isEmpty()) {
      throw MosaicException.invalidValue("/facets", "must name at least one facet");
    }
    return FacetsBodies.FacetsResponse.of(
        searcher.count(NamespacePath.parse(namespace), request.search()));
  }

  @PostMapping("/v1/multi-search")
  MultiSearch.MultiSearchResponse search(@RequestBody MultiSearch.MultiSearchRequest request) {
    return multi.search(request);
  }

  @GetMapping("/v1/namespaces/{namespace}/suggest")
  SuggestionsBody suggest(
      @PathVariable String namespace, @RequestParam MultiValueMap<String, String> parameters) {
    var name = NamespacePath.parse(namespace);
    SearchParameters.require(parameters, SUGGEST_PARAMETERS);
    return suggester.suggest(
        name,
        parameters.getFirst("q"),
        SearchParameters.integer("limit", parameters.getFirst("limit")));
  }

  private ResponseEntity<SearchResponse> seen(NamespaceName namespace, SearchResponse response) {
    routing.seen(namespace, response.snapshot().partitions());
    return timed(response);
  }

  private static ResponseEntity<SearchResponse> timed(SearchResponse response) {
    var timings = response.timings();
    return ResponseEntity.ok()
        .header(
            "Server-Timing",
            String.format(
                Locale.ROOT,
                "embed;dur=%.1f, search;dur=%.1f, merge;dur=%.1f, fetch;dur=%.1f, total;dur=%.1f",
                timings.embedMs(),
                timings.searchMs(),
                timings.mergeMs(),
                timings.fetchMs(),
                response.tookMs()))
        .body(response);
  }
}
